import type {
  DriftRules,
  Exposure,
  Guards,
  Holdout,
  MetricName,
  PromotionPolicy,
  PromotionRule,
  RetrainRule,
  SliceProof,
} from '../domain/policy.ts'

/**
 * Holds out a fixed share of the entities for ever: `int(sha256(key), first 8 hex digits) / 2^32 < fraction`.
 * The same entities are held out for every model and month, so no two models can be compared on rows that one has seen.
 */
export function stableHoldout(options: { readonly fraction: number }): Holdout {
  return { kind: 'stable', fraction: options.fraction }
}

/** Evidently's default tests by type, size and distinct values: what the reference stack used. */
export function evidentlyRules(): DriftRules {
  return { kind: 'evidently' }
}

/** Retrain when this share of the model's features has drifted: `share.atLeast(0.02)`. */
export const share = {
  atLeast: (atLeast: number): RetrainRule => ({ kind: 'drift_share', atLeast }),
} as const

/**
 * Retrain when the champion's metric on held-out rows whose labels arrived since is worse by this much than when it
 * became champion, and its 95 % interval shows it: `performance.drops({ metric: 'auc', by: 0.05 })`.
 */
export const performance = {
  drops: (options: { readonly metric: MetricName; readonly by: number }): RetrainRule => ({
    kind: 'performance',
    metric: options.metric,
    drop: options.by,
  }),
} as const

/** Retrain when any of the rules says so. */
export function anyOf(...rules: readonly RetrainRule[]): RetrainRule {
  return { kind: 'any', of: rules }
}

/** The gate as the user writes it; what is left out takes the gate's defaults. */
export interface PromotionRules<M extends MetricName = MetricName> {
  readonly metric: M
  readonly minGain: number
  readonly confidence?: number
  readonly looks?: number
  readonly floor?: number
  readonly guards?: Guards
  /** Features whose parts of the rows must not be harmed: `['plan.tier']`. Others are found without being named. */
  readonly slices?: readonly string[]
  /** Of these slices proof is asked that they are not harmed by more than `margin`. */
  readonly proveSlices?: SliceProof
  /** `nonInferior` asks only that the challenger is not worse by `minGain`, and names its `approver`. Default `better`. */
  readonly rule?: PromotionRule
  readonly approver?: string
  /** Compare on entities that neither model was trained on (default), or on those that both know from earlier dates. */
  readonly exposure?: Exposure
}

export function promotionPolicy(rules: PromotionRules): PromotionPolicy {
  return {
    confidence: 0.95,
    looks: 52,
    floor: 0.5,
    minPositives: 30,
    minNegatives: 30,
    minEntities: 100,
    minMaturedShare: 0.95,
    sliceAlpha: 0.03,
    sliceMinHarm: 0.002,
    ...rules,
    guards: rules.guards ?? {},
  }
}
