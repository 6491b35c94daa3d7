import { type Html, html } from '../html.ts'
import { count } from '../numbers.ts'
import type { EvaluationReport } from './model.ts'
import { titleOf } from './titles.ts'

/** How the numbers were made, and what was taken that nobody said. */
export function methodSection(report: EvaluationReport): Html {
  const { metrics, paired, taken, entities, rows } = report
  const methods = new Map<string, string[]>()
  for (const [name, { method }] of Object.entries(metrics)) {
    methods.set(method, [...(methods.get(method) ?? []), titleOf(name as keyof typeof metrics)])
  }
  const missing = Object.entries(metrics).filter(([, { reason }]) => reason !== undefined)
  const rights = paired?.mcnemar && 'midP' in paired.mcnemar ? paired.mcnemar : null
  return html`<section id="method" aria-labelledby="h-method"><h2 id="h-method">How it was made</h2>
<details open><summary>What was taken</summary><div>${taken.map((text) => html`<p>${text}.</p>`)}<p>${count(rows)} rows of ${count(entities)} entities.</p></div></details>
<details><summary>Intervals</summary><div>${[...methods].map(([method, names]) => html`<p>${names.join(', ')}: ${method}.</p>`)}${missing.map(([name, { reason }]) => html`<p>${titleOf(name as keyof typeof metrics)}: none, ${reason ?? ''}.</p>`)}${
    rights
      ? html`<p>McNemar: ${count(rights.onlyScoreRight)} rows only the first has right, ${count(rights.onlyAgainstRight)} only the other; one-sided mid-p ${rights.midP.toPrecision(3)}.</p>`
      : null
  }</div></details></section>`
}
