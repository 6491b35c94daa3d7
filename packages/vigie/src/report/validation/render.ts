import { createHash } from 'node:crypto'
import { type Html, html, raw } from '../html.ts'
import { logo } from '../marks.ts'
import { statusMark } from '../status.ts'
import { style } from '../style.ts'
import { brokenSection } from './broken-section.ts'
import { columnsSection } from './columns-section.ts'
import { filesSection } from './files-section.ts'
import { headlines } from './headlines.ts'
import type { ValidationReport } from './model.ts'
import { passedSection } from './passed-section.ts'
import { verdict } from './verdict.ts'

/**
 * The report of a delivery as one page that needs nothing else: no script, no request. Its content security policy
 * allows the one style sheet, by hash, so nothing from the delivery could load or run even if it came through.
 */
export function renderHtml(report: ValidationReport): string {
  const { status, word, title, text } = verdict(report)
  const policy = `default-src 'none'; style-src 'sha256-${sha256(style)}'; base-uri 'none'; form-action 'none'`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${report.project}: delivery of ${report.asOf}, ${report.verdict}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#files">Skip to the files</a>
<div class="wrap"><header>
<div class="mark">${logo}Vigie<span class="dim">validation of a delivery</span></div>
<div class="scale" aria-hidden="true"></div>
${facts(report)}</header>
<main>
<div class="verdict">${statusMark(status, word)}<h1>${title}</h1><p>${text}</p></div>
${headlines(report)}
${brokenSection(report)}
${filesSection(report)}
${columnsSection(report)}
${passedSection(report)}
</main>
<footer><p>The same as JSON is kept beside this page.</p><p>${report.generatedBy}</p></footer></div>
</body>
</html>
`.markup
}

/** The same for programs. Throws on NaN and infinities, which JSON would turn into null without a reason. */
export function renderJson(report: ValidationReport): string {
  const refuseNonFinite = (key: string, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`"${key}" is ${value}`)
    return value
  }
  return `${JSON.stringify(report, refuseNonFinite, 2)}\n`
}

function facts({ project, asOf, delivery, snapshot, approvals }: ValidationReport): Html {
  const rows: readonly (readonly [string, string])[] = [
    ['Project', project],
    ['As of', asOf],
    ['Delivery', delivery],
    ...(snapshot ? ([['Snapshot', `${snapshot.id}, version ${snapshot.version}`]] as const) : []),
    ...(snapshot ? ([['Known since', snapshot.knownAt]] as const) : []),
    ...(approvals ? ([['Approved by', `${approvals.actor}: ${approvals.codes.join(', ')}`]] as const) : []),
  ]
  return html`<dl class="meta">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
