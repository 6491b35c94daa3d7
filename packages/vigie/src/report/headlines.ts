import { type Html, html } from './html.ts'
import type { MonitorReport } from './model.ts'
import { count, fixed, plural } from './numbers.ts'
import { metricTitle } from './performance-reading.ts'
import { statusMark } from './status.ts'
import { targetReading } from './target-reading.ts'

/** The four numbers below the verdict. Each has its sample, or says why there is none. */
export function headlines(report: MonitorReport): Html {
  const tiles = [performanceTile(report), driftTile(report), targetTile(report), retrainTile(report)]
  const drawn = tiles.map(
    ({ title, value, sub }) => html`<dl><dt>${title}</dt><dd>${value}</dd><dd class="sub">${sub}</dd></dl>`,
  )
  return html`<div class="stats">${drawn}</div>`
}

interface Tile {
  readonly title: string
  readonly value: Html | string
  readonly sub: string
}

function performanceTile({ performance, unmeasured, current }: MonitorReport): Tile {
  if (performance === null) {
    return { title: 'Champion', value: statusMark('none', 'No reading'), sub: unmeasured ?? '' }
  }
  const { metric, was, now, rows } = performance
  return {
    title: `${metricTitle(metric)} of the champion, ${current.asOf}`,
    value: html`${fixed(now.value)} ${was === null ? null : html`<span class="int">was ${fixed(was)}</span>`}`,
    sub: `95 % interval [${fixed(now.low)}, ${fixed(now.high)}], ${plural(rows, 'row')}`,
  }
}

function driftTile({ drift }: MonitorReport): Tile {
  const { share, referenceShare, features, notTestable } = drift
  const unread = notTestable.length === 0 ? '' : `, ${count(notTestable.length)} with no reading`
  if (share === null)
    return {
      title: 'Inputs that drifted',
      value: statusMark('none', 'No reading'),
      sub: `none of ${count(notTestable.length)} could be judged`,
    }
  const other = referenceShare === null ? '' : `; with label and key counted ${fixed(referenceShare, 4)}`
  return {
    title: 'Inputs that drifted',
    value: `${features.filter((feature) => feature.drifted).length} of ${count(features.length)}`,
    sub: `share ${fixed(share, 4)}${other}${unread}`,
  }
}

function targetTile({ drift: { targetDrift } }: MonitorReport): Tile {
  if (targetDrift === null) {
    return { title: 'The outcome', value: statusMark('none', 'No reading'), sub: 'labels are missing' }
  }
  const { title, was, now, difference, unit } = targetReading(targetDrift)
  return { title, value: now, sub: `was ${was}, ${difference} ${unit}`.trim() }
}

function retrainTile({ retrain }: MonitorReport): Tile {
  return { title: 'Train a challenger', value: retrain.triggered ? 'Yes' : 'No', sub: retrain.text }
}
