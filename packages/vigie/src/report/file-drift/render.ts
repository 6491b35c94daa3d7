import { driftTests, type TestName } from '../../domain/drift/drift-tests.ts'
import type { FileColumnDrift, TestResult } from '../../domain/drift/file-column-drift.ts'
import { byCloseness } from '../closeness.ts'
import { featureSection } from '../feature-section.ts'
import { type Html, html, name } from '../html.ts'
import { count, fixed, SIGNS, score } from '../numbers.ts'
import { page } from '../page.ts'
import { statusMark } from '../status.ts'
import type { FileDriftReport } from './model.ts'
import { fileDriftVerdict } from './verdict.ts'

const WORDS = { ok: 'Below the limits', watch: 'Drifted', act: 'Act', none: 'No reading' } as const

/** The comparison of two files as one page that needs nothing else. */
export function renderHtml(report: FileDriftReport): string {
  const { reference, current, generatedBy } = report
  const { status, title, text } = fileDriftVerdict(report)
  const features = report.columns.flatMap((column) => column.judged ?? [])
  return page({
    title: `${current.file} against ${reference.file}: ${title}`,
    kind: 'drift between two files',
    skipTo: { id: 'features', text: 'Skip to the columns' },
    facts: [
      ['Reference', `${reference.file}, ${count(reference.rows)} rows`],
      ['Current', `${current.file}, ${count(current.rows)} rows`],
      ['Mode', "parity: Evidently's default rules"],
    ],
    main: html`<div class="verdict">${statusMark(status, WORDS[status])}<h1>${title}</h1><p>${text}</p></div>
${headlines(report, features.length)}
${featureSection({ drift: { features, notTestable: report.notTestable }, reference: { asOf: reference.file }, current: { asOf: current.file } })}
${testsSection(report)}
${methodSection(report)}`,
    footer: html`<p>The same numbers as JSON: <span class="cmd">vigie drift ${reference.file} ${current.file} --json</span></p><p>${generatedBy}</p>`,
  })
}

function headlines({ report, notTestable, ignored }: FileDriftReport, judged: number): Html {
  const tile = (term: string, value: Html | string, sub: string) =>
    html`<dl><dt>${term}</dt><dd>${value}</dd><dd class="sub">${sub}</dd></dl>`
  const share = report.share === null ? statusMark('none', 'No reading') : fixed(report.share, 4)
  return html`<div class="stats">${tile('Drifted', count(report.count), `of ${count(judged)} judged columns`)}${tile('Share', share, 'half or more: the data set has drifted')}${tile('Not judged', count(notTestable.length), 'in no share, neither drifted nor not')}${tile('Left out', count(ignored.length), 'not named in the schema')}</div>`
}

/** Every test of every column: there is something to add only when more than the default one was asked for. */
function testsSection({ columns }: FileDriftReport): Html | null {
  const more = columns.filter(({ tests }) => Object.keys(tests).length > 1)
  if (more.length === 0) return null
  return html`<section id="tests" aria-labelledby="h-tests"><h2 id="h-tests">Every test</h2>
<p class="lead">The first of each column is the default one, which decides. Tests do not agree, since each asks another question.</p>
<div class="tw" tabindex="0" role="region" aria-labelledby="h-tests"><table class="dq"><thead><tr><th scope="col">Column</th><th scope="col">Test</th><th scope="col" class="num">Score</th><th scope="col" class="num">Limit</th><th scope="col">Reads</th></tr></thead><tbody>${more.sort(byName).map(testRows)}</tbody></table></div></section>`
}

function testRows({ name: column, tests }: FileColumnDrift): Html {
  const rows = Object.entries(tests) as [TestName, TestResult][]
  return html`${rows.map(([test, result]) => {
    const { title, driftedWhen, threshold } = driftTests[test]
    const value = 'error' in result || result.score === null ? 'none' : score(result.score)
    return html`<tr><th scope="row">${name(column)}</th><td>${title}</td><td class="num">${value}</td><td class="num">${SIGNS[driftedWhen]} ${threshold}</td><td>${reading(result)}</td></tr>`
  })}`
}

function reading(result: TestResult): Html {
  if ('error' in result) return html`${statusMark('none', 'No reading')} ${result.error.message}`
  if (result.score === null) return html`${statusMark('none', 'No reading')} ${result.reason}`
  return result.drifted ? statusMark('watch', 'Drifted') : statusMark('ok', 'Not drifted')
}

function methodSection({ columns, ignored }: FileDriftReport): Html {
  const used = [...new Set(columns.flatMap(({ defaultTest }) => defaultTest ?? []))]
  const said = used.map((test) => html`<p><b>${driftTests[test].title}</b> ${driftTests[test].says}</p>`)
  const left =
    ignored.length === 0
      ? null
      : html`<p>Not in the schema, and left out: ${ignored.map((column) => html`${name(column)} `)}</p>`
  return html`<section id="method" aria-labelledby="h-method"><h2 id="h-method">Method</h2>
<p class="lead">Evidently 0.7 chooses one test a column: by its type, the reference rows that have a value (up to 1,000 or more) and the distinct values. Nulls and infinities are dropped first, so a change in how much is missing is shown but is no drift. The limits know no sample size and no multiple testing: small files raise false alarms, and so do many columns.</p>
${said}${left}</section>`
}

const byName = (a: FileColumnDrift, b: FileColumnDrift): number =>
  a.judged && b.judged ? byCloseness(a.judged, b.judged) : Number(b.judged !== null) - Number(a.judged !== null)
