import type { PromotionPolicy } from '../policy.ts'
import { alphaOfLook, alphaSpent } from '../significance/alpha-spending.ts'
import type { Reason } from './decision.ts'
import type { Claimed, Evidence } from './evidence.ts'
import { missing, unreadable } from './unreadable.ts'
import { percent } from './wording.ts'

const NEARLY_USED = 0.8

/** The error that this look at the holdout may spend: null when there is no look, 0 when all are used. */
export function lookRule(
  { look, ledger }: Claimed<Evidence>,
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
  const spent = alphaSpent(look, 1 - policy.confidence, looks)
  const text = [
    `Look ${look} of ${looks} against this champion`,
    `Spent ${percent(spent)} of ${percent(1 - policy.confidence)}`,
    `This look's bound uses ${percent(1 - alpha, 2)} (one-sided)`,
    ...(look > 1 && typeof ledger?.freshShare === 'number'
      ? [`${percent(ledger.freshShare)} of its labels are new since look ${look - 1}`]
      : []),
  ].join('. ')
  if (look >= NEARLY_USED * looks) {
    const fix = 'Look less often, or plan for a new window of labels'
    return { alpha, reason: { kind: 'warn', code: 'looks_nearly_used', ...facts, text, fix } }
  }
  return { alpha, reason: { kind: 'pass', code: 'look_available', ...facts, text } }
}

const HALF = 0.5

/** A warning when most labels were looked at before: the look tells little that the one before did not. */
export function freshness({ look, ledger }: Claimed<Evidence>): readonly Reason[] {
  const fresh = ledger?.freshShare
  if (typeof fresh !== 'number' || typeof look !== 'number' || look < 2 || fresh >= HALF) return []
  return [
    {
      kind: 'warn',
      code: 'not_fresh',
      value: fresh,
      bound: HALF,
      text: `${percent(fresh)} of the labels are new since look ${look - 1}`,
      fix: 'Look again when the labels of another date have arrived',
    },
  ]
}
