import type { PromotionPolicy } from '../policy.ts'
import { alphaOfLook } from '../significance/alpha-spending.ts'
import type { Reason } from './decision.ts'
import { missing, unreadable } from './unreadable.ts'

const NEARLY_USED = 0.8

/** The error that this look at the holdout may spend: null when there is no look, 0 when all are used. */
export function lookRule(
  look: number | null | undefined,
  policy: PromotionPolicy,
): { readonly alpha: number | null; readonly reason: Reason } {
  if (look === null || look === undefined) return { alpha: null, reason: missing('look') }
  const bad = unreadable('look', { '': [look, 1] })
  if (bad) return { alpha: null, reason: bad }
  const { looks } = policy
  const alpha = alphaOfLook(look, 1 - policy.confidence, looks)
  const facts = { value: look, bound: looks }
  if (look > looks) {
    const fix = 'Wait for a window whose labels matured after this one, or hold out other entities'
    const text = `${looks} of ${looks} looks are used against this champion`
    return { alpha, reason: { kind: 'hold', code: 'looks_exhausted', ...facts, text, fix } }
  }
  const text = `Look ${look} of ${looks} against this champion`
  if (look >= NEARLY_USED * looks) {
    const fix = 'Look less often, or plan for a new window of labels'
    return { alpha, reason: { kind: 'warn', code: 'looks_nearly_used', ...facts, text, fix } }
  }
  return { alpha, reason: { kind: 'pass', code: 'look_available', ...facts, text } }
}
