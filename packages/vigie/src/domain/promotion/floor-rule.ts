import type { PromotionPolicy } from '../policy.ts'
import type { Reason } from './decision.ts'
import type { Claimed, Evidence } from './evidence.ts'
import { unreadable } from './unreadable.ts'
import { rounded } from './wording.ts'

/** A first model has no champion to beat: the lower bound of its AUC must be above the floor. */
export function floorRule(
  { floorLower, metrics, unreadable: left }: Claimed<Evidence>,
  { floor }: PromotionPolicy,
): Reason {
  const bad = unreadable('floorLower', { '': [floorLower, Number.NEGATIVE_INFINITY] })
  if (bad) return bad
  const lower = floorLower as number
  const facts = { value: lower, bound: floor }
  if (!(lower > floor)) {
    return {
      kind: 'keep',
      code: 'below_floor',
      ...facts,
      text: `Lower bound of AUC ${rounded(lower)} is not above ${floor}`,
      fix: 'Features that tell more about the label, or more held-out rows',
    }
  }
  const auc =
    typeof metrics?.challenger?.auc === 'number'
      ? `AUC ${rounded(metrics.challenger.auc)}, lower bound`
      : 'Lower bound of AUC'
  const champion = typeof left?.id === 'string' ? `${left.id} can no longer answer.` : 'No champion yet.'
  const text = `${champion} ${auc} ${rounded(lower)}, above the floor ${floor}`
  return { kind: 'promote', code: 'first_model', ...facts, text }
}
