import type { Command } from 'commander'
import type { FeatureDoc, FeatureState } from '../../../loop/feature-docs.ts'
import { does } from '../../command.ts'
import { asciiOnly, printable } from '../../marks.ts'
import { count, score } from '../../output.ts'
import { labelled } from '../../wrap.ts'
import { delay, share, sparkline } from './text.ts'

export function show(features: Command): void {
  const command = features
    .command('show')
    .argument('<feature>', 'as view.feature')
    .description('one feature: what it is, what each snapshot held of it, and which versions read it')
  does(command, async ({ output, house }, [name = ''], options) => {
    const { ports, project } = await house()
    const { featureHistory } = await import('../../../loop/feature-docs.ts')
    const { doc, history } = await featureHistory(ports, project, name)
    output.result({ ...doc, history }, () => [
      `${output.pen.bold(doc.name)}  ${whatItIs(doc)}`,
      ...(doc.expression === null ? [] : labelled('  is         ', doc.expression)),
      ...(doc.source === null
        ? []
        : [`  file       ${doc.source}${doc.owner ? `, owner ${printable(doc.owner)}` : ''}`]),
      ...(doc.ttl === null ? [] : [`  counts     for ${doc.ttl}`]),
      `  read by    ${doc.usedBy.length === 0 ? 'no version' : doc.usedBy.map((version) => `v${version}`).join(', ')}${doc.usedByChampion ? ', the champion among them' : ''}`,
      ...(doc.newest ? [`  fresh      ${doc.newest.asOf}, ${delay(doc.newest.delayMs)}`] : []),
      ...overTime(history, asciiOnly({ ascii: options.ascii === true })),
    ])
    return 0
  })
}

function whatItIs({ type, optional, min, max, categories }: FeatureDoc): string {
  const bounds = [min === null ? '' : `from ${min}`, max === null ? '' : `to ${max}`].filter((bound) => bound !== '')
  const values = categories
    ? `: ${categories.slice(0, 6).map(printable).join(', ')}${categories.length > 6 ? ', ...' : ''}`
    : ''
  return [`${type}${values}`, ...bounds, optional ? 'may be null' : 'never null'].join(', ')
}

function overTime(history: readonly FeatureState[], ascii: boolean): readonly string[] {
  if (history.length === 0) return []
  const drawn = (of: (state: FeatureState) => number | null) => sparkline(history.map(of), ascii)
  const numeric = history.some(({ column }) => column.numbers !== null)
  const middle = numeric ? 'mean      sd        5 %       median    95 %' : 'most frequent'
  return [
    `  ${'snapshot'.padEnd(10)} ${'rows'.padStart(9)} ${'nulls'.padStart(7)}  ${middle}`,
    ...history.map((state) => {
      const { asOf, rows, column } = state
      const nulls = share(column.nulls / rows)
      return `  ${asOf.padEnd(10)} ${count(rows).padStart(9)} ${nulls.padStart(7)}  ${statistics(state)}`.trimEnd()
    }),
    `  nulls      ${drawn(({ column, rows }) => column.nulls / rows)}`,
    ...(numeric ? [`  mean       ${drawn(({ column }) => column.numbers?.mean ?? null)}`] : []),
  ]
}

function statistics({ column: { numbers, top }, rows }: FeatureState): string {
  if (numbers) {
    const { mean, sd, quantiles } = numbers
    return [mean, sd, quantiles[2], quantiles[4], quantiles[6]]
      .map((value) => (value === null || value === undefined ? '' : score(value)).padEnd(9))
      .join(' ')
  }
  return top
    .slice(0, 4)
    .map(({ value, count: times }) => `${printable(value)} ${share(times / rows)}`)
    .join(', ')
}
