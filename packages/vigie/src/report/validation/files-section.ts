import { type Html, html, name } from '../html.ts'
import { count } from '../numbers.ts'
import { statusMark } from '../status.ts'
import type { ReportedFile, ValidationReport, Verdict } from './model.ts'
import { bytesText } from './wording.ts'

/** What came, file by file: `accepted + left out = rows`. */
export function filesSection({ files }: ValidationReport): Html {
  const numbers = ['Rows', 'Left out', 'Accepted', 'Before', 'Size']
  return html`<section id="files" aria-labelledby="h-files"><h2 id="h-files">Files</h2>
<div class="tw" tabindex="0" role="region" aria-label="Table of files, scrolls sideways"><table class="dq"><thead><tr><th scope="col">File</th><th scope="col">Verdict</th>${numbers.map((title) => html`<th scope="col" class="num">${title}</th>`)}<th scope="col">sha256</th><th scope="col">Remark</th></tr></thead><tbody>
${files.map(row)}
</tbody></table></div></section>`
}

const MARKS = {
  accepted: statusMark('ok', 'Well'),
  held: statusMark('watch', 'Held'),
  refused: statusMark('act', 'Refused'),
} satisfies Record<Verdict, Html>

const APPROVED = statusMark('watch', 'Approved')

function row({ file, verdict, broken, rows, before, bytes, sha256, notes }: ReportedFile): Html {
  const unread = html`<td class="num dim" colspan="3">not counted</td>`
  const read = rows && [rows.total, rows.quarantined, rows.accepted].map((n) => html`<td class="num">${count(n)}</td>`)
  return html`<tr><th scope="row">${name(file)}</th><td>${verdict === 'accepted' && broken.length > 0 ? APPROVED : MARKS[verdict]}</td>${read ?? unread}<td class="num">${before ? html`${count(before.rows)} <span class="dim">${before.asOf}</span>` : html`<span class="dim">none</span>`}</td><td class="num">${bytes === null ? html`<span class="dim">none</span>` : bytesText(bytes)}</td><td class="mono">${sha256?.slice(0, 12) ?? null}</td><td>${notes.join('; ')}</td></tr>`
}
