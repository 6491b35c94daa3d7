import { driftTests, type TestName } from '../domain/drift/drift-tests.ts'
import type { FileColumnDrift, TestResult } from '../domain/drift/file-column-drift.ts'
import { byCloseness } from '../report/closeness.ts'
import type { FileDriftReport } from '../report/file-drift/model.ts'
import { fileDriftVerdict } from '../report/file-drift/verdict.ts'
import { score as fourDecimals } from '../report/numbers.ts'
import { type Pen, printable } from './marks.ts'
import { count } from './output.ts'
import { labelled } from './wrap.ts'

const NAME = 34
const TEST = 16

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
  return (Object.entries(tests) as [TestName, TestResult][]).map(([test, result], i) => {
    const first = i === 0 ? `${mark} ${shown.padEnd(NAME)}` : ' '.repeat(NAME + 2)
    return `${first} ${test.padEnd(TEST)} ${resultText(test, result)}`
  })
}

function resultText(test: TestName, result: TestResult): string {
  if ('error' in result || result.score === null) return `${'none'.padStart(9)}`
  const { driftedWhen, threshold } = driftTests[test]
  const text = fourDecimals(result.score)
  return `${text.padStart(9)}  ${driftedWhen.padStart(2)} ${String(threshold).padEnd(4)}  ${result.drifted ? 'drifted' : ''}`.trimEnd()
}

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text)
