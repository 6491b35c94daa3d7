import type { AsOf } from './as-of.ts'
import { isLoss, type MetricName, type RetrainRule } from './policy.ts'

/** What the monitor read. Null means that there is no reading, which is never taken for 0. */
export interface RetrainEvidence {
  readonly hasChampion: boolean
  /** Date of a newer snapshot, which decides instead; null when this date is the newest. */
  readonly newerDate: AsOf | null
  /** Why the champion cannot be scored under the definition, so that it answers nobody; null when it can. */
  readonly unreadable: string | null
  /** Share of the model's features that drifted, 0 to 1. */
  readonly driftShare: number | null
  /** The champion's metric on labels that arrived since, and what it was when it became champion. */
  readonly performance: {
    readonly metric: MetricName
    readonly was: number | null
    /** With its two-sided 95 % interval. */
    readonly now: { readonly value: number; readonly low: number; readonly high: number }
  } | null
  readonly rule: RetrainRule
}

export type RetrainTrigger = 'first_model' | 'champion_unreadable' | 'drift_share' | 'performance'

export interface RetrainDecision {
  readonly triggered: boolean
  /** The first rule that fired, in the order of the definition. */
  readonly reason: RetrainTrigger | 'none'
  /** Every rule that fired. */
  readonly triggers: readonly RetrainTrigger[]
  /** What each rule read and was compared with. */
  readonly text: string
}

/**
 * Decides whether to train a challenger. A rule whose number is absent does not fire, and the text says so. A date that
 * comes late, or is corrected when a newer one is there, trains nothing: it would bring back a model of the past.
 */
export function decideRetrain(evidence: RetrainEvidence): RetrainDecision {
  const { hasChampion, newerDate, unreadable } = evidence
  if (newerDate !== null) return late(evidence, newerDate)
  if (!hasChampion) return always('first_model', 'there is no champion yet')
  if (unreadable !== null) return always('champion_unreadable', unreadable)
  const findings = findingsOf(evidence)
  const fired = findings.filter((finding) => finding.fired)
  return {
    triggered: fired.length > 0,
    reason: fired[0]?.trigger ?? 'none',
    triggers: [...new Set(fired.map(({ trigger }) => trigger))],
    text: findings.map(({ text }) => text).join('; '),
  }
}

function late(evidence: RetrainEvidence, newerDate: AsOf): RetrainDecision {
  const texts = evidence.hasChampion ? findingsOf(evidence).map(({ text }) => text) : ['there is no champion yet']
  const text = [...texts, `${newerDate} is newer, and only the newest date trains`].join('; ')
  return { triggered: false, reason: 'none', triggers: [], text }
}

function always(trigger: RetrainTrigger, text: string): RetrainDecision {
  return { triggered: true, reason: trigger, triggers: [trigger], text }
}

interface Finding {
  readonly trigger: RetrainTrigger
  readonly fired: boolean
  readonly text: string
}

type SingleRule = Exclude<RetrainRule, { readonly kind: 'any' }>

function rulesIn(rule: RetrainRule): readonly SingleRule[] {
  return rule.kind === 'any' ? rule.of.flatMap(rulesIn) : [rule]
}

function findingsOf(evidence: RetrainEvidence): readonly Finding[] {
  return rulesIn(evidence.rule).map((rule) =>
    rule.kind === 'drift_share' ? driftFinding(evidence.driftShare, rule.atLeast) : performanceFinding(evidence, rule),
  )
}

function driftFinding(share: number | null, atLeast: number): Finding {
  const trigger = 'drift_share'
  if (share === null || !Number.isFinite(share)) return { trigger, fired: false, text: 'drift share: no reading' }
  const fired = share >= atLeast
  return { trigger, fired, text: `drift share ${share.toFixed(4)} ${fired ? '>=' : '<'} ${atLeast}` }
}

/** Fires when the metric got worse by at least `drop`, and its interval shows that it got worse at all. */
function performanceFinding(
  { performance }: RetrainEvidence,
  { metric, drop }: Extract<SingleRule, { readonly kind: 'performance' }>,
): Finding {
  const trigger = 'performance'
  if (performance === null || performance.metric !== metric || !Number.isFinite(performance.now.value)) {
    return { trigger, fired: false, text: `${metric} of the champion: no reading` }
  }
  const { was, now } = performance
  if (was === null || !Number.isFinite(was)) {
    return { trigger, fired: false, text: `${metric} when the champion was promoted: no reading` }
  }
  const worse = isLoss(metric) ? now.value - was : was - now.value
  const shown = isLoss(metric) ? now.low > was : now.high < was
  const enough = worse >= drop
  const change = `${metric} ${was.toFixed(4)} -> ${now.value.toFixed(4)}`
  const compared =
    worse < 0 ? `better by ${(-worse).toFixed(4)}` : `worse by ${worse.toFixed(4)} ${enough ? '>=' : '<'} ${drop}`
  const doubt = enough && !shown ? `, but its 95 % interval ${range(now)} does not show it` : ''
  return { trigger, fired: enough && shown, text: `${change}: ${compared}${doubt}` }
}

function range({ low, high }: { readonly low: number; readonly high: number }): string {
  return `[${low.toFixed(4)}, ${high.toFixed(4)}]`
}
