import type { CardDecision, CardReport } from '../../domain/model-card.ts'
import { RULE_STATUS } from '../comparison/verdict.ts'
import { type Html, html } from '../html.ts'
import { sentence } from '../sentence.ts'
import { statusMark } from '../status.ts'

const OUTCOMES = {
  promote: ['ok', 'Promote'],
  keep: ['watch', 'Keep the other'],
  hold: ['none', 'No reading'],
} as const

/** Why it is what it is: policy, decisions with all their reasons, and who moved it. */
export function decisionSection({ decisions, audit, policy, hashes }: CardReport): Html {
  return html`<section id="decisions" aria-labelledby="h-decisions"><h2 id="h-decisions">Who decided what, and why</h2>
${decisions.length === 0 ? html`<p class="lead">It was never compared.</p>` : decisions.toReversed().map(decided)}
<details><summary>Policy</summary><div><p>sha256 <span class="mono name">${hashes.policy}</span>${policy ? `, fixed ${policy.frozenAt}` : ''}</p>${policy ? html`<p class="mono">${JSON.stringify(policy.policy)}</p>` : html`<p>Nobody kept it.</p>`}</div></details>
${
  audit.length === 0
    ? html`<p class="say">Nobody has made it champion.</p>`
    : html`<div class="tw" tabindex="0" role="region" aria-label="Audit"><table><thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Why</th></tr></thead><tbody>
${audit.map(({ at, actor, action, reason }) => html`<tr><th scope="row">${at}</th><td>${actor}</td><td>${action}</td><td>${reason ?? ''}</td></tr>`)}
</tbody></table></div>`
}</section>`
}

function decided({ id, asOf, at, champion, outcome, reasons }: CardDecision): Html {
  const [status, word] = OUTCOMES[outcome]
  const against = champion === null ? 'as a first model' : `against version ${champion}`
  return html`<details><summary>${statusMark(status, word)} ${against}, rows of ${asOf}, ${at} <span class="mono dim">${id}</span></summary><div>
${reasons.map(({ kind, text }) => html`<p>${statusMark(...RULE_STATUS[kind])} ${sentence(text)}</p>`)}</div></details>`
}
