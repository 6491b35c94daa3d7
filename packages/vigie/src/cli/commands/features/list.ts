import type { Command } from 'commander'
import type { FeatureDoc } from '../../../loop/feature-docs.ts'
import { does } from '../../command.ts'
import { type Pen, printable } from '../../marks.ts'
import { score } from '../../output.ts'
import { labelled } from '../../wrap.ts'
import { delay, share } from './text.ts'

export function list(features: Command): void {
  const command = features
    .command('list')
    .description('every feature: type, what the newest snapshot holds of it, owner, and which versions read it')
  does(command, async ({ output, house }) => {
    const { ports, project } = await house()
    const { featureDocs } = await import('../../../loop/feature-docs.ts')
    const docs = await featureDocs(ports, project)
    const views = Map.groupBy(docs, ({ view }) => view)
    output.result(docs, () => [
      ...Array.from(views, ([view, ofView]) => viewLines(view, ofView, output.pen)).flat(),
      `Next: vigie features show ${docs[0]?.name ?? '<view.feature>'}`,
    ])
    return 0
  })
}

/** Columns of what is typical: the line has 80. */
const TYPICAL = 16

/** What all features of a view have in common, and one line for each. */
function viewLines(view: string, docs: readonly FeatureDoc[], pen: Pen): readonly string[] {
  const [{ source, owner, newest, ttl } = {} as FeatureDoc] = docs
  const about = [
    source ? `from ${source}` : 'computed from others',
    ...(owner ? [`owner ${printable(owner)}`] : []),
    ...(ttl ? [`counts for ${ttl}`] : []),
    ...(newest ? [`newest ${newest.asOf}, ${delay(newest.delayMs)}`] : source ? ['nothing yet'] : []),
  ]
  const wide = Math.max(...docs.map(({ name }) => shortName(name).length))
  return [
    ...labelled(`${pen.bold(view)}  `, about.join(', ')),
    ...docs.map((doc) => {
      const nulls = doc.newest ? `${share(doc.newest.column.nulls / doc.newest.rows)} null` : ''
      const cells = [
        shortName(doc.name).padEnd(wide),
        doc.type.padEnd(8),
        nulls.padStart(12),
        typical(doc).padEnd(TYPICAL),
      ]
      return `${pen.mark(doc.usedByChampion ? 'ok' : 'none')} ${cells.join(' ')} ${readers(doc)}`
    }),
  ]
}

function shortName(name: string): string {
  return name.slice(name.indexOf('.') + 1)
}

function typical({ newest, expression }: FeatureDoc): string {
  if (expression !== null) return expression.slice(0, TYPICAL)
  if (!newest) return ''
  const { numbers, top } = newest.column
  if (numbers && numbers.mean !== null) {
    return `${score(numbers.mean, 2)} ± ${numbers.sd === null ? '?' : score(numbers.sd, 2)}`
  }
  const [first] = top
  return first ? `${printable(first.value).slice(0, TYPICAL - 8)} ${share(first.count / newest.rows)}` : 'no value'
}

function readers({ usedBy }: FeatureDoc): string {
  if (usedBy.length <= 2) return usedBy.length === 0 ? 'nobody' : usedBy.map((version) => `v${version}`).join(', ')
  return `v${usedBy[0]} … v${usedBy.at(-1)}`
}
