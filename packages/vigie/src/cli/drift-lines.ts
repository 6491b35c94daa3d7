import { driftTests, type TestName } from '../domain/drift/drift-tests.ts'
import type { FileColumnDrift, TestResult } from '../domain/drift/file-column-drift.ts'
import { byCloseness } from '../report/closeness.ts'
import type { FileDriftReport } from '../report/file-drift/model.ts'
import { fileDriftVerdict } from '../report/file-drift/verdict.ts'
import { score as fourDecimals, quantity } from '../report/numbers.ts'
import { type Pen, printable } from './marks.ts'
import { count } from './output.ts'
import { labelled } from './wrap.ts'

const NAME = 30
const TEST = 16
/** Above it decimals say nothing. */
const LARGE = 10_000

/** What `vigie drift` prints for people: what could not be judged, what drifted, the rest by how near it came. */
export function driftLines(report: FileDriftReport, pen: Pen, html: string | null): readonly string[] {
  const { reference, current, columns, notTestable, ignored } = report
  const verdict = fileDriftVerdict(report)
  const judged = columns.filter((column) => column.judged !== null)
  judged.sort((a, b) => byCloseness(a.judged!, b.judged!))
  return [
    ...labelled('reference  ', printable(`${reference.file}, ${count(reference.rows)} rows`)),
    ...labelled('current    ', printable(`${current.file}, ${count(current.rows)} rows`)),
    '',
    pen.bold(`  ${'column'.padEnd(NAME)} ${'test'.padEnd(TEST)} ${'score'.padStart(9)}     limit`),
    ...judged.flatMap((column) => columnLines(column, pen)),
    ...(notTestable.length === 0 ? [] : ['', pen.bold('  not judged')]),
    ...notTestable.flatMap(({ name, why }) => labelled(`${pen.mark('none')} `, printable(`${name}: ${why}`))),
    ...(ignored.length === 0 ? [] : ['', ...labelled('  not in the schema: ', printable(ignored.join(', ')))]),
    '',
    ...labelled(`${pen.mark(verdict.status)} `, `${verdict.title}. ${verdict.text}`),
    ...(html === null ? [] : [`  ${html}`]),
  ]
}

/** The default test first, beside the name of the column. */
function columnLines({ name, tests, judged }: FileColumnDrift, pen: Pen): readonly string[] {
  const mark = pen.mark(judged!.drifted ? 'watch' : 'ok')
  const shown = cut(printable(name), NAME)
  return (Object.entries(tests) as [TestName, TestResult][]).flatMap(([test, result], i) => {
    const place = `${(i === 0 ? shown : '').padEnd(NAME)} ${test.padEnd(TEST)} `
    const [first = '', ...more] = labelled(`  ${place}`, resultText(test, result))
    return [i === 0 ? `${mark} ${first.slice(2)}` : first, ...more]
  })
}

function resultText(test: TestName, result: TestResult): string {
  if ('error' in result) return `none: ${printable(result.error.message)}`
  if (result.score === null) return `none: ${result.reason}`
  const { driftedWhen, threshold } = driftTests[test]
  const text = Math.abs(result.score) < LARGE ? fourDecimals(result.score) : quantity(result.score)
  return `${text.padStart(9)}  ${driftedWhen.padStart(2)} ${String(threshold).padEnd(4)}  ${result.drifted ? 'drifted' : ''}`.trimEnd()
}

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text)
