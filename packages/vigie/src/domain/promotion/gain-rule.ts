import type { PromotionPolicy } from '../policy.ts'
import { interval, lowerBound } from '../significance/inference.ts'
import type { Reason } from './decision.ts'
import type { Claimed, Evidence, Gain } from './evidence.ts'
import { power } from './power.ts'
import { selectionReason } from './selection-reason.ts'
import { mismatch, missing, unreadable } from './unreadable.ts'
import { METRIC_TEXT, percent, rounded, signed } from './wording.ts'

/**
 * A challenger must gain at least `minGain` as estimated, and the lower bound of its gain at this look's level must be
 * above 0. The first asks whether a change is worth it, the second whether it is real.
 */
export function gainRule(evidence: Claimed<Evidence>, policy: PromotionPolicy, alpha: number): readonly Reason[] {
  const { gain } = evidence
  if (gain === undefined || gain === null) return [missing('gain')]
  const bad = unreadable('gain', { estimate: [gain.estimate, Number.NEGATIVE_INFINITY], se: [gain.se, 0] })
  if (bad) return [bad]
  const estimate = gain.estimate as number
  const se = gain.se as number
  if (se === 0) return [withoutVariation(estimate, policy)]
  const { resampled } = gain
  if (resampled !== undefined && resampled !== null) {
    const unfit = unfitResamples(resampled, alpha)
    if (unfit) return [unfit]
    return judged({ estimate, se, df: NORMAL, bound: resampled.lower as number }, evidence, policy, alpha)
  }
  const badDf = unreadable('gain', { df: [gain.df, Number.MIN_VALUE] })
  if (badDf) return [badDf]
  const df = gain.df as number
  return judged({ estimate, se, df, bound: lowerBound({ estimate, se, df }, alpha) }, evidence, policy, alpha)
}

/** Degrees of freedom at which Student's t is the normal law. */
const NORMAL = 1e9
const MOST_UNDEFINED = 0.01

/** Why a bound that was resampled cannot be used: it is of another look, or too many resamples had no value. */
function unfitResamples(
  { lower, alpha: level, undefinedShare }: Claimed<NonNullable<Gain['resampled']>>,
  alpha: number,
): Reason | null {
  const bad = unreadable('gain', {
    'resampled.lower': [lower, Number.NEGATIVE_INFINITY],
    'resampled.alpha': [level, 0],
    'resampled.undefinedShare': [undefinedShare, 0],
  })
  if (bad) return bad
  if (level !== alpha) return mismatch('gain', `its bound is at level ${level} and this look has ${alpha}`)
  if ((undefinedShare as number) <= MOST_UNDEFINED) return null
  return {
    kind: 'hold',
    code: 'interval_unavailable',
    value: undefinedShare as number,
    bound: MOST_UNDEFINED,
    text: `${percent(undefinedShare as number)} of the resamples had no value, so the gain has no interval`,
    fix: 'Compare on more rows',
  }
}

function withoutVariation(estimate: number, { metric }: PromotionPolicy): Reason {
  if (estimate <= 0) {
    const text = metric === 'auc' ? 'Both models rank every row alike' : 'Both models do alike on every row'
    return { kind: 'keep', code: 'no_difference', value: estimate, bound: 0, text }
  }
  return {
    kind: 'hold',
    code: 'interval_unavailable',
    value: estimate,
    bound: 0,
    text: `Gain ${signed(estimate)} has no interval: its variance is 0`,
    fix: 'Compare on more rows',
  }
}

function judged(
  gain: { readonly estimate: number; readonly se: number; readonly df: number; readonly bound: number },
  evidence: Claimed<Evidence>,
  policy: PromotionPolicy,
  alpha: number,
): readonly Reason[] {
  const { estimate, bound } = gain
  const { minGain } = policy
  const { minDetectableGain80, timesTheRows } = power(estimate, gain.se, gain.df, alpha, minGain)
  if (policy.rule === 'nonInferior') {
    const drop = selectionReason(evidence, minDetectableGain80)
    return [...notInferior(estimate, bound, evidence, policy), ...drop]
  }
  const worthIt = estimate >= minGain
  const proven = bound > 0
  const ofLook = `its bound for look ${evidence.look} of ${policy.looks} (${signed(bound)})`
  const reasons: Reason[] = []
  if (worthIt && proven) {
    const { low, high } = interval(gain)
    const shown = `${signed(estimate)} (95 % CI ${signed(low)} to ${signed(high)})`
    const text = `${subject(evidence, policy)} ${shown} is at least ${minGain} and ${ofLook} is above 0`
    reasons.push({ kind: 'promote', code: 'gain_proven', value: bound, bound: 0, text })
  } else {
    reasons.push(
      worthIt
        ? pass('gain_at_least_min', estimate, minGain, `Gain ${signed(estimate)} is at least minGain ${minGain}`)
        : {
            kind: 'keep',
            code: 'gain_below_min',
            value: estimate,
            bound: minGain,
            text: `Gain ${signed(estimate)} is below minGain ${minGain}`,
            fix: `A gain of at least ${minGain}; or a new policy before the next training`,
          },
    )
    const sees = `This holdout sees gains of ${rounded(minDetectableGain80)} (80 %)`
    const more = timesTheRows !== null && timesTheRows > 1
    reasons.push(
      proven
        ? pass('gain_bound_above_zero', bound, 0, `Gain ${signed(estimate)}, and ${ofLook} is above 0`)
        : {
            kind: 'keep',
            code: 'gain_not_proven',
            value: bound,
            bound: 0,
            text: `Gain ${signed(estimate)}, but ${ofLook} is not above 0`,
            fix: more ? `${sees}; ${Number(timesTheRows.toPrecision(2))} times the rows would see this one` : sees,
            minDetectableGain80,
          },
    )
  }
  if (minDetectableGain80 > minGain) {
    reasons.push({
      kind: 'warn',
      code: 'low_power',
      value: minDetectableGain80,
      bound: minGain,
      text: `This holdout sees gains from ${rounded(minDetectableGain80)}; minGain is ${minGain}`,
      fix: 'More held-out rows, fewer looks, or evaluation over several dates',
    })
  }
  reasons.push(...selectionReason(evidence, minDetectableGain80))
  return reasons
}

function notInferior(
  estimate: number,
  bound: number,
  { look }: Claimed<Evidence>,
  { minGain, looks, approver }: PromotionPolicy,
): readonly Reason[] {
  const shown = bound > -minGain
  const ofLook = `its bound for look ${look} of ${looks} (${signed(bound)})`
  return [
    {
      kind: shown ? 'promote' : 'keep',
      code: shown ? 'not_inferior' : 'inferiority_not_excluded',
      value: bound,
      bound: -minGain,
      text: `Gain ${signed(estimate)}, and ${ofLook} is ${shown ? '' : 'not '}above ${-minGain}, as ${approver} approved to ask`,
      ...(shown ? {} : { fix: 'A challenger that loses less, or more held-out rows' }),
    },
  ]
}

function pass(code: string, value: number, bound: number, text: string): Reason {
  return { kind: 'pass', code, value, bound, text }
}

/** What a sentence about the gain begins with: `AUC 0.652 -> 0.672: gain` where the values are known. */
function subject({ metrics }: Claimed<Evidence>, { metric }: PromotionPolicy): string {
  const before = metrics?.champion?.[metric]
  const after = metrics?.challenger?.[metric]
  if (typeof before !== 'number' || typeof after !== 'number') return 'Gain'
  return `${METRIC_TEXT[metric]} ${rounded(before)} -> ${rounded(after)}: gain`
}
