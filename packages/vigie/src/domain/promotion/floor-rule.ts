import type { PromotionPolicy } from '../policy.ts'
import type { Reason } from './decision.ts'
import type { Claimed, Evidence } from './evidence.ts'
import { unreadable } from './unreadable.ts'
import { METRIC_TEXT, rounded } from './wording.ts'

/** A first model has no champion to beat: the lower bound of its AUC, or of R2 for numbers, must be above the floor. */
export function floorRule(
  { floorLower, metrics, sample, unreadable: left }: Claimed<Evidence>,
  policy: PromotionPolicy,
): Reason {
  // A number is better told than by its mean when R2 is above 0.
  const ofNumber = sample?.kind === 'number'
  const floor = ofNumber ? 0 : policy.floor
  const metric = ofNumber ? 'r2' : 'auc'
  const name = METRIC_TEXT[metric]
  const bad = unreadable('floorLower', { '': [floorLower, Number.NEGATIVE_INFINITY] })
  if (bad) return bad
  const lower = floorLower as number
  const facts = { value: lower, bound: floor }
  if (!(lower > floor)) {
    return {
      kind: 'keep',
      code: 'below_floor',
      ...facts,
      text: `Lower bound of ${name} ${rounded(lower)} is not above ${floor}`,
      fix: 'Features that tell more about the label, or more held-out rows',
    }
  }
  const value = metrics?.challenger?.[metric]
  const shown = typeof value === 'number' ? `${name} ${rounded(value)}, lower bound` : `Lower bound of ${name}`
  const champion = typeof left?.id === 'string' ? `${left.id} can no longer answer.` : 'No champion yet.'
  const text = `${champion} ${shown} ${rounded(lower)}, above the floor ${floor}`
  return { kind: 'promote', code: 'first_model', ...facts, text }
}
