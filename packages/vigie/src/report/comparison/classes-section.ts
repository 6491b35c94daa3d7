import type { Pictures } from '../../domain/comparison-pictures.ts'
import type { Confusion } from '../../domain/curves/confusion.ts'
import { type Html, html, name } from '../html.ts'
import { count, percent } from '../numbers.ts'
import { capital } from './metrics-section.ts'
import type { ComparisonReport } from './model.ts'
import { namesOf } from './names.ts'

/** What the two take each class for. */
export function classesSection(report: ComparisonReport, { confusion }: Extract<Pictures, { kind: 'classes' }>): Html {
  const names = namesOf(report)
  const classes = report.target.kind === 'number' ? [] : report.target.classes
  return html`<section id="classes" aria-labelledby="h-classes"><h2 id="h-classes">Class by class</h2>
<p class="lead">Of the rows of a class the share that is told right (found), and of the rows that are told to be of it the share that is (right).</p>
<div class="tw" tabindex="0" role="region" aria-label="Class by class"><table><thead><tr><th scope="col">Class</th><th scope="col" class="num">Rows</th>${confusion.champion ? html`<th scope="col" class="num">Found, ${names.champion}</th>` : null}<th scope="col" class="num">Found, ${names.challenger}</th>${confusion.champion ? html`<th scope="col" class="num">Right, ${names.champion}</th>` : null}<th scope="col" class="num">Right, ${names.challenger}</th></tr></thead><tbody>
${classes.map((text, k) => html`<tr><th scope="row">${name(text)}</th><td class="num">${count(sum(confusion.challenger[k]!))}</td>${confusion.champion ? html`<td class="num">${found(confusion.champion, k)}</td>` : null}<td class="num">${found(confusion.challenger, k)}</td>${confusion.champion ? html`<td class="num">${right(confusion.champion, k)}</td>` : null}<td class="num">${right(confusion.challenger, k)}</td></tr>`)}
</tbody></table></div>
${confusion.champion ? matrix(names.champion, confusion.champion, classes) : null}${matrix(names.challenger, confusion.challenger, classes)}</section>`
}

function matrix(who: string, confusion: Confusion, classes: readonly string[]): Html {
  return html`<details><summary>${capital(who)}: what each class is taken for</summary><div class="tw" tabindex="0" role="region" aria-label="Confusion of ${who}"><table class="dq"><thead><tr><th scope="col">Class, rows</th>${classes.map((text) => html`<th scope="col" class="num">${name(text)}</th>`)}</tr></thead><tbody>
${confusion.map((row, k) => html`<tr><th scope="row">${name(classes[k]!)}</th>${row.map((n, j) => html`<td class="num${j === k ? ' strong' : ''}">${count(n)}</td>`)}</tr>`)}
</tbody></table></div></details>`
}

const sum = (counts: readonly number[]): number => counts.reduce((total, n) => total + n, 0)
const found = (confusion: Confusion, k: number): string => shareOf(confusion[k]![k]!, sum(confusion[k]!))
const right = (confusion: Confusion, k: number): string =>
  shareOf(confusion[k]![k]!, sum(confusion.map((row) => row[k]!)))
const shareOf = (part: number, whole: number): string => (whole === 0 ? 'none' : percent(part / whole))
