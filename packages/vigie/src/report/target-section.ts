import { distribution } from './distribution.ts'
import { judgement } from './feature-section.ts'
import { type Html, html } from './html.ts'
import type { MonitorReport } from './model.ts'
import { percent, signed } from './numbers.ts'
import { statusMark } from './status.ts'

/** How often the outcome happened, then and now. */
export function targetSection({ drift: { label, targetDrift } }: MonitorReport): Html {
  const body =
    label && targetDrift
      ? html`<div class="panel"><header><h3>Share of the outcome</h3>${label.drifted ? statusMark('watch', 'Drifted') : statusMark('ok', 'Within the limit')}</header>
${distribution(label, 'wide')}
<dl class="kv"><dt>Rate</dt><dd>${percent(targetDrift.referenceRate)} <span class="int">to</span> ${percent(targetDrift.currentRate)}</dd><dt>Difference</dt><dd>${signed((targetDrift.currentRate - targetDrift.referenceRate) * 100, 2)} <span class="int">points</span></dd>${judgement(label)}</dl></div>`
      : html`<p class="lead">${statusMark('none', 'No reading')} At least one of the two dates has no labels.</p>`
  return html`<section id="target" aria-labelledby="h-target"><h2 id="h-target">Target</h2>${body}</section>`
}
