/** Every metric there is. Which of them apply follows from the target: see `metricsFor`. */
export const METRICS = [
  'auc',
  'averagePrecision',
  'f1',
  'accuracy',
  'logLoss',
  'brier',
  'ece',
  'ks',
  'rmse',
  'mae',
  'r2',
] as const
export type MetricName = (typeof METRICS)[number]

export type LossName = Extract<MetricName, 'logLoss' | 'brier' | 'ece' | 'rmse' | 'mae'>
export type ScoreName = Exclude<MetricName, LossName>

const LOSSES: ReadonlySet<MetricName> = new Set<LossName>(['logLoss', 'brier', 'ece', 'rmse', 'mae'])

/** Losses are good when they are small; every other metric when it is large. */
export function isLoss(metric: MetricName): metric is LossName {
  return LOSSES.has(metric)
}

/** What a model answers: the probability of class 1, of each of several classes, or a number. */
export type TargetKind = 'binary' | 'classes' | 'number'

const METRICS_FOR: Readonly<Record<TargetKind, readonly MetricName[]>> = {
  binary: ['auc', 'averagePrecision', 'f1', 'accuracy', 'logLoss', 'brier', 'ece', 'ks'],
  classes: ['auc', 'f1', 'accuracy', 'logLoss', 'brier', 'ece'],
  number: ['rmse', 'mae', 'r2'],
}

/**
 * The metrics that a model of this target can have. With several classes F1 is the mean over the classes, AUC the mean of
 * each class against the others, Brier's score a sum over the classes, and the calibration error that of the likeliest class.
 */
export function metricsFor(target: { readonly kind: TargetKind }): readonly MetricName[] {
  return METRICS_FOR[target.kind]
}

/**
 * When a guard blocks:
 * - `shown` (default): the harm is above the limit, and its one-sided 95 % bound shows that there is harm
 * - `point`: the harm as estimated is above the limit
 * - `prove`: unless the one-sided 95 % bound shows that the harm is below the limit
 */
export const GUARD_MODES = ['shown', 'point', 'prove'] as const
export type GuardMode = (typeof GUARD_MODES)[number]

/** How far a score may drop. */
export interface DropGuard {
  readonly maxDrop: number
  readonly mode?: GuardMode
}

/** How far a loss may rise. */
export interface RiseGuard {
  readonly maxRise: number
  readonly mode?: GuardMode
}

/** What a measured quantity of the challenger alone may be at most. */
export interface CapGuard {
  readonly max: number
}

export const CAPS = ['latencyMs', 'sizeBytes'] as const
export type CapName = (typeof CAPS)[number]

/** Limits on what may get worse while the metric gets better. F1 is compared at a matched number of flagged rows. */
export type Guards = { readonly [S in ScoreName]?: DropGuard } & { readonly [L in LossName]?: RiseGuard } & {
  readonly [C in CapName]?: CapGuard
}
export type GuardName = MetricName | CapName

/** What a challenger must show to become champion. Frozen before training; a decision cites its hash. */
export interface PromotionPolicy {
  readonly metric: MetricName
  /** Least gain, as estimated, that is worth a change of champion. */
  readonly minGain: number
  /** 1 minus the chance that a challenger that is not better wins within a reign of `looks` looks. */
  readonly confidence: number
  readonly looks: number
  /** What the lower bound of a first model's AUC must be above. */
  readonly floor: number
  readonly minPositives: number
  readonly minNegatives: number
  readonly minEntities: number
  /** Share of labels that must have matured. */
  readonly minMaturedShare: number
  readonly guards: Guards
  /** Level of the one Holm family over all slices. */
  readonly sliceAlpha: number
  /** Rise of the Brier score in a slice up to which shown harm is tolerated. */
  readonly sliceMinHarm: number
  /** Features whose parts of the rows are slices: `plan.tier` makes one a tier. Others are found. */
  readonly slices?: readonly string[]
  /** Slices in which the harm must be shown to stay below `margin`, at 5 % in all. They hold until they are large. */
  readonly proveSlices?: SliceProof
  /**
   * What must be shown of the gain. `better` (default): that it is above 0. `nonInferior`: that it is above `-minGain`,
   * for a champion that must go for another reason; of equal models it promotes every year, so it names who approved it.
   */
  readonly rule?: PromotionRule
  readonly approver?: string
  /**
   * Which entities are compared on. `neither` (default): those that neither model was trained on. `both`: those that both
   * were, at dates before both trainings ended; a comparison for known entities.
   */
  readonly exposure?: Exposure
}

/** Slices of these features must be shown to be harmed by less than the margin. */
export interface SliceProof {
  readonly of: readonly string[]
  readonly margin: number
}

export const PROMOTION_RULES = ['better', 'nonInferior'] as const
export type PromotionRule = (typeof PROMOTION_RULES)[number]

export const EXPOSURES = ['neither', 'both'] as const
export type Exposure = (typeof EXPOSURES)[number]

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
