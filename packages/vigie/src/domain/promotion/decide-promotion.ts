import type { PromotionPolicy } from '../policy.ts'
import { baseRateRule } from './base-rate-rule.ts'
import { type Decision, outcomeOf, type Reason } from './decision.ts'
import type { Claimed, Evidence } from './evidence.ts'
import { floorRule } from './floor-rule.ts'
import { gainRule } from './gain-rule.ts'
import { guardRule } from './guard-rule.ts'
import { freshness, lookRule } from './look-rule.ts'
import { policyProblems } from './policy-problems.ts'
import { preconditions } from './preconditions.ts'
import { sliceRule } from './slice-rule.ts'

/**
 * Decides whether a challenger becomes champion. Pure: the same evidence and policy give the same decision, reason for
 * reason. Every rule is evaluated and listed, also those that pass. Whatever is absent, null, not finite or unknown
 * holds, so nothing is promoted by an accident of the program that gathered the evidence.
 */
export function decidePromotion(evidence: Claimed<Evidence>, policy: Claimed<PromotionPolicy>): Decision {
  const problems = policyProblems(policy)
  if (problems.length > 0) return { outcome: 'hold', alpha: null, reasons: problems.map(invalidPolicy) }
  return decideByRules(evidence, policy as PromotionPolicy)
}

function decideByRules(evidence: Claimed<Evidence>, policy: PromotionPolicy): Decision {
  const reasons: Reason[] = [...preconditions(evidence, policy)]
  // Without a score there are no further rules: their evidence is not missing, it was not gathered.
  const held = reasons.some(({ kind }) => kind === 'hold')
  if (held && evidence.look === null) return { outcome: 'hold', alpha: null, reasons }

  const { alpha, reason } = lookRule(evidence, policy)
  reasons.push(reason, ...freshness(evidence), ...baseRateRule(evidence))
  if (evidence.firstModel === true) {
    reasons.push(floorRule(evidence, policy))
  } else if (alpha !== null && alpha > 0) {
    reasons.push(...gainRule(evidence, policy, alpha))
  }
  reasons.push(...guardRule(evidence, policy))
  if (evidence.firstModel !== true) reasons.push(...sliceRule(evidence, policy))
  return { outcome: outcomeOf(reasons), alpha, reasons }
}

function invalidPolicy({ field, rule, value }: ReturnType<typeof policyProblems>[number]): Reason {
  return {
    kind: 'hold',
    code: 'policy_invalid',
    value: field,
    bound: null,
    text: `Policy field ${field} ${rule}; it is ${value}`,
    fix: 'Correct the policy and retrain under it',
  }
}
