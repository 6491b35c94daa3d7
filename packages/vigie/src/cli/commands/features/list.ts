import type { Command } from 'commander'
import type { FeatureDoc } from '../../../loop/feature-docs.ts'
import { does } from '../../command.ts'
import { printable } from '../../marks.ts'
import { score } from '../../output.ts'
import { delay, share } from './text.ts'

export function list(features: Command): void {
  const command = features
    .command('list')
    .description('every feature: type, what the newest snapshot holds of it, owner, and which versions read it')
  does(command, async ({ output, house }) => {
    const { ports, project } = await house()
    const { featureDocs } = await import('../../../loop/feature-docs.ts')
    const docs = await featureDocs(ports, project)
    const wide = Math.max(...docs.map(({ name }) => name.length))
    output.result(docs, () => [
      `  ${'feature'.padEnd(wide)}  ${'type'.padEnd(9)} ${'nulls'.padStart(6)}  ${'typical'.padEnd(20)} ${'owner'.padEnd(14)} read by`,
      ...docs.map((doc) => {
        const mark = output.pen.mark(doc.usedByChampion ? 'ok' : 'none')
        const nulls = doc.newest ? share(doc.newest.column.nulls / doc.newest.rows) : ''
        return `${mark} ${doc.name.padEnd(wide)}  ${doc.type.padEnd(9)} ${nulls.padStart(6)}  ${typical(doc).padEnd(20)} ${printable(doc.owner ?? '').padEnd(14)} ${versions(doc)}`.trimEnd()
      }),
      ...freshness(docs),
      'Next: vigie features show <feature>',
    ])
    return 0
  })
}

function typical({ newest, expression }: FeatureDoc): string {
  if (expression !== null) return 'derived'
  if (!newest) return 'nothing yet'
  const { numbers, top } = newest.column
  if (numbers?.mean !== null && numbers?.mean !== undefined) {
    return `${score(numbers.mean)} ± ${numbers.sd === null ? '?' : score(numbers.sd)}`
  }
  const [first] = top
  return first ? `${printable(first.value)} ${share(first.count / newest.rows)}` : 'no value'
}

function versions({ usedBy }: FeatureDoc): string {
  if (usedBy.length === 0) return 'nobody'
  const shown = usedBy.slice(-3).map((version) => `v${version}`)
  return usedBy.length > 3 ? `${usedBy.length} versions, ${shown.join(', ')}` : shown.join(', ')
}

/** One line a file: all of its features are equally fresh. */
function freshness(docs: readonly FeatureDoc[]): readonly string[] {
  const bySource = new Map(docs.flatMap(({ source, newest }) => (source && newest ? [[source, newest] as const] : [])))
  return Array.from(bySource, ([source, { asOf, delayMs }]) => `  ${source}: newest ${asOf}, ${delay(delayMs)}`)
}
