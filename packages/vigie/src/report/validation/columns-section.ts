import type { ColumnProfile } from '../../domain/profile/table-profile.ts'
import { valueText } from '../../domain/profile/value-text.ts'
import { type Html, html, name } from '../html.ts'
import { count, percent, quantity } from '../numbers.ts'
import type { ReportedFile, ValidationReport } from './model.ts'

/** What each column of the files that were read to their end holds. */
export function columnsSection({ files }: ValidationReport): Html | null {
  const read = files.filter((file) => file.rows !== null && file.columns.length > 0)
  if (read.length === 0) return null
  const numbers = ['Null', 'Distinct', 'Min', 'Median', 'Max', 'Mean']
  return html`<section id="columns" aria-labelledby="h-columns"><h2 id="h-columns">Columns</h2>
<div class="tw" tabindex="0" role="region" aria-label="Table of columns, scrolls sideways"><table class="dq"><thead><tr><th scope="col">Column</th><th scope="col">Type</th>${numbers.map((title) => html`<th scope="col" class="num">${title}</th>`)}<th scope="col">Most frequent</th></tr></thead><tbody>
${read.map((file) => file.columns.map((column) => row(file, column)))}
</tbody></table></div></section>`
}

function row({ source, rows }: ReportedFile, column: ColumnProfile): Html {
  const total = rows?.accepted ?? 0
  return html`<tr><th scope="row">${name(`${source}.${column.name}`)}</th><td>${column.type}</td><td class="num">${nulls(column, total)}</td><td class="num">${count(column.distinct)}</td>${numbers(column)}<td>${mostFrequent(column, total)}</td></tr>`
}

function nulls({ nulls: missing }: ColumnProfile, total: number): string {
  return missing === 0 || total === 0 ? count(missing) : `${count(missing)} (${percent(missing / total)})`
}

function numbers({ type, numbers: found }: ColumnProfile): Html | readonly Html[] {
  if (found === null) return html`<td class="num dim" colspan="4">not a number</td>`
  const { min, max, mean, quantiles } = found
  const shown = (value: number | null) =>
    value === null ? '' : type === 'int' || type === 'float' ? quantity(value) : valueText(type, value).slice(0, 10)
  return [min, quantiles[4]!, max, mean].map((value) => html`<td class="num">${shown(value)}</td>`)
}

/** Of a column in which hardly any value comes twice the most frequent one says nothing. */
function mostFrequent({ top, distinct }: ColumnProfile, total: number): Html | null {
  const [first] = top
  if (!first || total === 0 || first.count / total < 0.01 || distinct === total) return null
  return html`<bdi class="mono">${first.value.slice(0, 24)}</bdi> in ${percent(first.count / total)}`
}
