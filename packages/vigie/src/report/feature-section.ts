import { driftTests } from '../domain/drift/drift-tests.ts'
import type { ColumnDrift, DriftReport, NotTestable } from '../domain/drift/report.ts'
import { byCloseness, didNotMove } from './closeness.ts'
import { columnSays, nullsSay } from './column-text.ts'
import { distribution } from './distribution.ts'
import { type Html, html, name } from './html.ts'
import { gauge, legend } from './marks.ts'
import { count, percent, plural, quantity, SIGNS, score } from './numbers.ts'
import { statusMark } from './status.ts'

/** Columns of two periods, and what each period is called. */
export interface ComparedInputs {
  readonly drift: Pick<DriftReport, 'features' | 'notTestable'>
  readonly reference: { readonly asOf: string }
  readonly current: { readonly asOf: string }
}

/** Every input of the model: what could not be judged first, then what drifted, then by how near it came. */
export function featureSection({ drift, reference, current }: ComparedInputs): Html {
  const moved = drift.features.filter((feature) => !didNotMove(feature)).sort(byCloseness)
  const still = drift.features.filter(didNotMove)
  const heading = moved.length > 1 ? 'Inputs, nearest to their limit first' : 'Inputs'
  const articles = moved.map((feature, i) => movedFeature(feature, i + 1))
  return html`<section id="features" aria-labelledby="h-features"><h2 id="h-features">${heading}</h2>
<p class="lead">Each input is compared with the reference by one test. Beyond its limit it has drifted: it looks different. Whether that hurts the model, this comparison cannot tell.</p>
${legend(reference.asOf, current.asOf)}
<div>${drift.notTestable.map(unreadable)}${articles}</div>
${still.length === 0 ? null : stillFeatures(still)}</section>`
}

function unreadable({ name: columnName, why, code }: NotTestable): Html {
  return html`<article class="feat"><div><h3>${name(columnName)}</h3>${statusMark('none', 'No reading')}</div>
<p class="soft">Nothing to draw: ${why}. No score can be given, and none is assumed.</p><dl class="kv"><dt>Code</dt><dd class="mono">${code}</dd></dl></article>`
}

function movedFeature(feature: ColumnDrift, rank: number): Html {
  const mark = feature.drifted ? statusMark('watch', 'Drifted') : statusMark('ok', withinLimit(feature))
  return html`<article class="feat"><div><h3><span class="rank">${rank}</span>${name(feature.name)}</h3>${mark}<p class="say">${columnSays(feature)}</p></div>
${distribution(feature, 'wide')}
<dl class="kv">${judgement(feature)}${summaries(feature)}</dl></article>`
}

/** A distance stays below its limit, a p-value above. */
function withinLimit({ test }: ColumnDrift): string {
  return driftTests[test].scale === 'distance' ? 'Below the limit' : 'Above the limit'
}

/** Score, limit and gauge, for a definition list. */
export function judgement(column: ColumnDrift): Html {
  const { title, scale } = driftTests[column.test]
  return html`<dt>${title}${scale === 'p-value' ? ', p' : ''}</dt><dd>${score(column.score)}</dd><dd class="g"><span class="int">limit ${SIGNS[column.driftedWhen]} ${column.threshold}</span>${gauge(column.score, column.threshold, column.drifted)}</dd>`
}

function summaries({ reference, current }: ColumnDrift): Html {
  const rows: [string, string, string][] = [['Distinct', count(reference.distinct), count(current.distinct)]]
  if (reference.numbers && current.numbers) {
    rows.push(['Median', quantity(reference.numbers.median), quantity(current.numbers.median)])
  }
  rows.push(['Null', percent(reference.nulls / reference.rows), percent(current.nulls / current.rows)])
  return html`${rows.map(([term, before, now]) => html`<dt>${term}</dt><dd>${before} <span class="int">to</span> ${now}</dd>`)}`
}

function stillFeatures(features: readonly ColumnDrift[]): Html {
  const minis = features.map(
    (feature) =>
      html`<article class="mini"><h4>${name(feature.name)}</h4>${distribution(feature, 'small')}<p>${driftTests[feature.test].title} ${score(feature.score)}.${nullsSay(feature)}</p></article>`,
  )
  return html`<div class="stillbox"><h3 class="soft">${plural(features.length, 'input')} did not move at all</h3><div class="minis">${minis}</div></div>`
}
