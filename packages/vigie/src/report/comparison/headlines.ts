import { alphaOfLook } from '../../domain/significance/alpha-spending.ts'
import { lowerBound } from '../../domain/significance/inference.ts'
import { type Html, html } from '../html.ts'
import { count, fixed, percent, signed } from '../numbers.ts'
import { metricTitle } from '../performance-reading.ts'
import { statusMark } from '../status.ts'
import type { ComparisonReport } from './model.ts'

interface Tile {
  readonly title: string
  readonly value: Html | string
  readonly sub: string
}

/** The numbers that the gate decides on: the gain, its bound, what these rows can see at all, and the look. */
export function headlines(report: ComparisonReport): Html {
  const tiles =
    report.champion === null
      ? [floorTile(report), rowsTile(report)]
      : [gainTile(report), boundTile(report), powerTile(report), rowsTile(report)]
  const drawn = tiles.map(
    ({ title, value, sub }) => html`<dl><dt>${title}</dt><dd>${value}</dd><dd class="sub">${sub}</dd></dl>`,
  )
  return html`<div class="stats">${drawn}</div>`
}

const unread = (title: string, sub: string): Tile => ({ title, value: statusMark('none', 'No reading'), sub })

function gainTile({ evidence, details, policy }: ComparisonReport): Tile {
  const title = `Gain in ${metricTitle(policy.metric)}`
  const measured = details?.metrics.find(({ metric }) => metric === policy.metric)?.gain
  if (!evidence.gain) return unread(title, 'the models were not compared')
  const sub = measured
    ? `95 % interval [${signed(measured.low)}, ${signed(measured.high)}], at least ${policy.minGain} is asked`
    : `at least ${policy.minGain} is asked`
  return { title, value: signed(evidence.gain.estimate), sub }
}

function boundTile({ evidence, policy }: ComparisonReport): Tile {
  const { gain, look } = evidence
  const title = 'Bound of the gain'
  if (!gain || look === null) return unread(title, 'without an interval there is no bound')
  const alpha = alphaOfLook(look, 1 - policy.confidence, policy.looks)
  if (alpha === 0) return unread(title, 'all looks are used')
  const { estimate, se, df, resampled } = gain
  if (df === null && !resampled) return unread(title, 'without an interval there is no bound')
  const bound = resampled?.lower ?? lowerBound({ estimate, se, df }, alpha)
  const sub = `above 0 is asked; the truth is below it with a chance of ${percent(alpha)}`
  return { title, value: signed(bound), sub }
}

function powerTile({ reasons, evidence, policy }: ComparisonReport): Tile {
  const title = 'Smallest gain that these rows show'
  const found = reasons.find(
    ({ minDetectableGain80, code }) => minDetectableGain80 !== undefined || code === 'low_power',
  )
  const smallest = found?.minDetectableGain80 ?? (typeof found?.value === 'number' ? found.value : null)
  if (smallest !== null) return { title, value: fixed(smallest), sub: 'with a chance of 80 %, at this look' }
  if (!evidence.gain) return unread(title, 'the models were not compared')
  return { title, value: fixed(policy.minGain), sub: 'the least gain that is asked is seen with a chance of 80 %' }
}

function rowsTile({ evidence, policy, details, incomplete, againstChampion }: ComparisonReport): Tile {
  const { look, sample, selection } = evidence
  const title = 'Rows that neither has seen'
  const rows = details?.rows ?? selection?.used ?? sample.rows
  const of = againstChampion ? ` of ${count(policy.looks)}` : ''
  const looked =
    look === null ? 'nothing was scored, so no look is spent' : `look ${count(look)}${of} at the held-out rows`
  const dropped = selection ? selection.held - selection.used : 0
  const left = [
    ...(dropped > 0 ? [`${count(dropped)} left out because a version has seen their entity`] : []),
    ...(incomplete > 0 ? [`${count(incomplete)} left out for missing values`] : []),
  ]
  const sub = [`of ${count(sample.entities)} entities`, looked, ...left].join('; ')
  return rows === undefined ? unread(title, sub) : { title, value: count(rows), sub }
}

function floorTile({ evidence, policy, target }: ComparisonReport): Tile {
  const title = `Lower bound of ${target.kind === 'number' ? 'R\u00b2' : 'the AUC'}`
  if (evidence.floorLower === null) return unread(title, 'nothing was scored')
  return { title, value: fixed(evidence.floorLower), sub: `above the floor ${policy.floor} is asked; 95 %, one-sided` }
}
