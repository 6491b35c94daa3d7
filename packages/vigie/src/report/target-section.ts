import type { ColumnDrift } from '../domain/drift/report.ts'
import { distribution } from './distribution.ts'
import { judgement } from './feature-section.ts'
import { type Html, html } from './html.ts'
import type { MonitorReport } from './model.ts'
import { statusMark } from './status.ts'
import { type TargetReading, targetReading } from './target-reading.ts'

/** The outcome, then and now. */
export function targetSection({ drift: { label, targetDrift } }: MonitorReport): Html {
  const body =
    label && targetDrift
      ? moved(label, targetReading(targetDrift))
      : html`<p class="lead">${statusMark('none', 'No reading')} At least one of the two dates has no labels.</p>`
  return html`<section id="target" aria-labelledby="h-target"><h2 id="h-target">Target</h2>${body}</section>`
}

function moved(label: ColumnDrift, { name, was, now, difference, unit }: TargetReading): Html {
  return html`<div class="panel"><header><h3>The outcome</h3>${label.drifted ? statusMark('watch', 'Drifted') : statusMark('ok', 'Within the limit')}</header>
${distribution(label, 'wide')}
<dl class="kv"><dt>${name}</dt><dd>${was} <span class="int">to</span> ${now}</dd><dt>Difference</dt><dd>${difference} <span class="int">${unit}</span></dd>${judgement(label)}</dl></div>`
}
