import type { ColumnDrift, NotTestable } from '../domain/drift/report.ts'
import type { ColumnSummary } from '../domain/drift/summary.ts'
import { type Html, html, name } from './html.ts'
import type { MonitorReport } from './model.ts'
import { count, percent, quantity } from './numbers.ts'
import { statusMark } from './status.ts'

/** The plain facts of every column, as a table beside the pictures. */
export function columnSection({ drift }: MonitorReport): Html {
  const head = [
    'Null, ref',
    'Null, now',
    'Distinct, now',
    'Min, now',
    'Median, now',
    'Max, now',
    'Mean, ref',
    'Mean, now',
  ]
  return html`<section id="columns" aria-labelledby="h-columns"><h2 id="h-columns">Columns</h2>
<div class="tw" tabindex="0" role="region" aria-label="Table of columns, scrolls sideways"><table class="dq"><thead><tr><th scope="col">Column</th><th scope="col">Type</th>${head.map((title) => html`<th scope="col" class="num">${title}</th>`)}<th scope="col">Remark</th></tr></thead><tbody>
${drift.notTestable.map(unreadableRow)}${drift.features.map(row)}
</tbody></table></div></section>`
}

function unreadableRow({ name: columnName, why }: NotTestable): Html {
  return html`<tr><th scope="row">${name(columnName)}</th><td colspan="9" class="dim">${why}</td><td>${statusMark('none', 'No reading')}</td></tr>`
}

function row({ name: columnName, type, reference, current }: ColumnDrift): Html {
  const before = reference.numbers
  const now = current.numbers
  const numbers =
    before && now
      ? [now.min, now.median, now.max, before.mean, now.mean].map(
          (value) => html`<td class="num">${quantity(value)}</td>`,
        )
      : html`<td class="num dim" colspan="5">not a number</td>`
  return html`<tr><th scope="row">${name(columnName)}</th><td>${type}</td><td class="num">${nulls(reference)}</td><td class="num">${nulls(current)}</td><td class="num">${count(current.distinct)}</td>${numbers}<td>${current.distinct === 1 ? statusMark('watch', 'Constant') : null}</td></tr>`
}

function nulls({ nulls: missing, rows }: ColumnSummary): string {
  return missing === 0 ? '0' : `${count(missing)} (${percent(missing / rows)})`
}
