export const METRICS = ['auc', 'f1', 'accuracy', 'logLoss', 'brier'] as const
export type MetricName = (typeof METRICS)[number]

/** How a guard reads its number: shown harm, the point estimate, or proof of no harm (design of the gate, section 6). */
export type GuardMode = 'shown' | 'point' | 'prove'

/** A limit on what may get worse while the metric gets better. Losses rise, scores drop. */
export type Guard =
  | { readonly maxDrop: number; readonly mode?: GuardMode }
  | { readonly maxRise: number; readonly mode?: GuardMode }
  | { readonly max: number }

/** What a challenger must show to become champion. Frozen before training; a decision cites its hash. */
export interface PromotionPolicy {
  readonly metric: MetricName
  readonly minGain: number
  readonly confidence: number
  readonly looks: number
  readonly floor: number
  readonly minPositives: number
  readonly minNegatives: number
  readonly minEntities: number
  readonly minMaturedShare: number
  readonly guards: Readonly<Record<string, Guard>>
  readonly sliceAlpha: number
  readonly sliceMinHarm: number
}

/** When to train a challenger. */
export type RetrainRule =
  | { readonly kind: 'drift_share'; readonly atLeast: number }
  | { readonly kind: 'performance'; readonly metric: MetricName; readonly drop: number }
  | { readonly kind: 'any'; readonly of: readonly RetrainRule[] }

/** Which tests decide that a feature has drifted. */
export interface DriftRules {
  readonly kind: 'evidently'
}

/** Which entities are never trained on. */
export interface Holdout {
  readonly kind: 'stable'
  readonly fraction: number
}
