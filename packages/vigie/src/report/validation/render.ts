import { html } from '../html.ts'
import { page, reportJson } from '../page.ts'
import { statusMark } from '../status.ts'
import { brokenSection } from './broken-section.ts'
import { columnsSection } from './columns-section.ts'
import { filesSection } from './files-section.ts'
import { headlines } from './headlines.ts'
import type { ValidationReport } from './model.ts'
import { passedSection } from './passed-section.ts'
import { verdict } from './verdict.ts'

/** The report of a delivery as one page that needs nothing else. */
export function renderHtml(report: ValidationReport): string {
  const { status, word, title, text } = verdict(report)
  return page({
    title: `${report.project}: delivery of ${report.asOf}, ${report.verdict}`,
    kind: 'validation of a delivery',
    skipTo: { id: 'files', text: 'Skip to the files' },
    facts: facts(report),
    main: html`<div class="verdict">${statusMark(status, word)}<h1>${title}</h1><p>${text}</p></div>
${headlines(report)}
${brokenSection(report)}
${filesSection(report)}
${columnsSection(report)}
${passedSection(report)}`,
    footer: html`<p>The same as JSON is kept beside this page.</p><p>${report.generatedBy}</p>`,
  })
}

/** The same for programs. */
export function renderJson(report: ValidationReport): string {
  return reportJson(report)
}

function facts({
  project,
  asOf,
  delivery,
  snapshot,
  approvals,
}: ValidationReport): readonly (readonly [string, string])[] {
  return [
    ['Project', project],
    ['As of', asOf],
    ['Delivery', delivery],
    ...(snapshot ? ([['Snapshot', `${snapshot.id}, version ${snapshot.version}`]] as const) : []),
    ...(snapshot ? ([['Known since', snapshot.knownAt]] as const) : []),
    ...(approvals ? ([['Approved by', `${approvals.actor}: ${approvals.codes.join(', ')}`]] as const) : []),
  ]
}
