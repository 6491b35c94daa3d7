import type { Reason } from '../../domain/promotion/decision.ts'
import { type Html, html } from '../html.ts'
import { sentence } from '../sentence.ts'
import { statusMark } from '../status.ts'
import type { ComparisonReport } from './model.ts'
import { RULE_STATUS } from './verdict.ts'

const ORDER = ['hold', 'keep', 'promote', 'warn', 'pass'] as const

/** Every rule of the gate and what it found: what decided first, then what speaks against it, then what passed. */
export function rulesSection({ reasons, decision, againstChampion }: ComparisonReport): Html {
  const ordered = ORDER.flatMap((kind) => reasons.filter((reason) => reason.kind === kind))
  const kept = decision ? html`Kept as decision <span class="cmd">${decision}</span>.` : null
  const lead = againstChampion
    ? html`Every rule of the policy, also those that passed. ${kept}`
    : html`The rules of the policy, as if the other version were champion. It is not, so nobody is promoted by this.`
  return html`<section id="rules" aria-labelledby="h-rules"><h2 id="h-rules">What was asked</h2>
<p class="lead">${lead}</p>
<ol class="rules">${ordered.map(item)}</ol></section>`
}

function item({ kind, text, fix, code }: Reason): Html {
  const [status, word] = RULE_STATUS[kind]
  return html`<li><div>${statusMark(status, word)}</div><div><p>${sentence(text)}</p>${fix ? html`<p class="say">What would change it: ${sentence(fix)}</p>` : null}</div><div class="who mono">${code}</div></li>`
}
