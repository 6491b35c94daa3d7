import type { FeatureExplanation, ModelExplanation } from '../domain/explain/model-explanation.ts'
import { UNITS } from '../domain/explain/units.ts'
import type { Contribution, RowExplanation } from '../loop/explain-row.ts'
import { printable } from './marks.ts'
import { count, score, signed } from './output.ts'
import { labelled } from './wrap.ts'

const BAR = 5
const LONGEST_NAME = 30

/** What the features of a version do: a table, the largest first, and what it was told on. */
export function modelLines(explanation: ModelExplanation, ascii: boolean): readonly string[] {
  const { version, rows, shuffled, notShuffled, features, groups, space } = explanation
  const wide = Math.min(LONGEST_NAME, Math.max(...features.map(({ name }) => name.length)))
  const largest = Math.max(...features.map(rank), 0)
  const loses = shuffled ? `${shuffled.metric} lost [95 %]` : ''
  return [
    `v${version}  ${features.length} features, ${count(rows.all)} rows of ${rows.asOf}, none of them held out`,
    `  ${'feature'.padEnd(wide + BAR + 1)} ${loses.padEnd(shuffled ? 24 : 7)} ${'gain'.padStart(7)} ${'|contr.|'.padStart(8)}`,
    ...features.map((feature) => {
      const { name, loss, gain, size } = feature
      const bar = barOf(rank(feature) / largest, ascii)
      const lost = loss ? `${signed(loss.estimate)} [${signed(loss.low)}, ${signed(loss.high)}]` : ''
      const share = gain === null ? '' : `${(100 * gain).toFixed(1)} %`
      const shown = shortened(printable(name), ascii).padEnd(wide)
      return `  ${shown} ${bar} ${lost.padEnd(shuffled ? 24 : 7)} ${share.padStart(7)} ${score(size.estimate).padStart(8)}`.trimEnd()
    }),
    ...groups.flatMap(({ features: names, loss }) =>
      labelled('  together  ', `${names.map(printable).join(', ')}: ${signed(loss.estimate)}`),
    ),
    ...(shuffled ? labelled('  lost      ', shuffledWords(explanation)) : []),
    ...(notShuffled === null ? [] : labelled('  lost      ', `nothing was shuffled: ${notShuffled}`)),
    ...(features.some(({ gain }) => gain !== null)
      ? labelled('  gain      ', 'share of what the splits tell apart on the rows that were trained on')
      : []),
    ...labelled(
      '  |contr.|  ',
      `mean size of a contribution, ${UNITS[space]}, over ${count(rows.explained)} rows${explanation.beforeCalibration ? ', before calibration' : ''}`,
    ),
  ]
}

function shortened(name: string, ascii: boolean): string {
  if (name.length <= LONGEST_NAME) return name
  return ascii ? `${name.slice(0, LONGEST_NAME - 2)}..` : `${name.slice(0, LONGEST_NAME - 1)}…`
}

function shuffledWords({ shuffled, rows, version }: ModelExplanation): string {
  const { metric, value, repetitions, refits, rows: n } = shuffled!
  const by =
    refits === 0
      ? `by v${version}, which ${rows.trainedOn === null ? 'may have been' : 'was not'} trained on these rows`
      : `by ${refits} ${refits === 1 ? 'model' : 'models'} of the same trainer, each on rows of ${rows.asOf} that it had not seen`
  return `what ${metric} (${score(value)} on ${count(n)} rows, ${by}) loses when the feature is shuffled, ${repetitions} times`
}

const rank = ({ loss, size }: FeatureExplanation): number => Math.max(0, loss?.estimate ?? size.estimate)

function barOf(share: number, ascii: boolean): string {
  const length = Number.isFinite(share) ? Math.round(share * BAR) : 0
  return (ascii ? '#' : '█').repeat(length).padEnd(BAR)
}

/** Why one row is answered as it is: from the mean, what pushed up and what pushed down, to the score. */
export function rowLines(explanation: RowExplanation, ascii: boolean): readonly string[] {
  const { contributions, base, space, class: told, beforeCalibration } = explanation
  const of = told === null ? 'the number' : `class ${printable(told)}`
  const largest = Math.max(...contributions.map(({ contribution }) => Math.abs(contribution)))
  const line = ({ feature, value, contribution }: Contribution): string => {
    const bar = barOf(Math.abs(contribution) / largest, ascii)
    return `  ${signed(contribution).padStart(9)}  ${bar}  ${printable(feature)} = ${value === null ? 'null' : printable(String(value))}`
  }
  const up = contributions.filter(({ contribution }) => contribution > 0)
  const down = contributions.filter(({ contribution }) => contribution < 0)
  const none = contributions.length - up.length - down.length
  return [
    `  ${score(base).padStart(9)}  the mean over the training rows: ${of}, ${UNITS[space]}`,
    ...(up.length > 0 ? ['  pushed up by', ...up.map(line)] : []),
    ...(down.length > 0 ? ['  pushed down by', ...down.map(line)] : []),
    ...(none > 0 ? [`  ${none} more did nothing`] : []),
    `  ${score(explanation.score).padStart(9)}  this row${beforeCalibration ? ', before calibration' : ''}`,
  ]
}
