import type { AsOf } from '../as-of.ts'
import type { MetricName } from '../policy.ts'
import type { Space } from './explain-model.ts'
import type { Loss } from './permutation.ts'
import type { FeatureContributions } from './size-of-contributions.ts'

/** What one feature is to a model. */
export interface FeatureExplanation {
  /** `view.feature`. */
  readonly name: string
  /** Share of the gain of all splits, 0 to 1. Null for a linear model. */
  readonly gain: number | null
  /** What the metric loses when the feature is shuffled. Null when nothing was shuffled. */
  readonly loss: Loss | null
  /** Mean |contribution|, in the space of the explanation. */
  readonly size: FeatureContributions['size']
  readonly direction: FeatureContributions['direction']
  readonly points: FeatureContributions['points']
}

/** What the features of a version do, over rows that are not held out. */
export interface ModelExplanation {
  readonly model: string
  readonly version: number
  readonly rows: {
    readonly asOf: AsOf
    /** Rows that may be trained on. */
    readonly all: number
    /** Whether the version was trained on them; null when nobody kept what it was trained on. */
    readonly trainedOn: boolean | null
    /** Rows to which contributions were computed. */
    readonly explained: number
  }
  readonly space: Space
  readonly beforeCalibration: boolean
  /** Mean of the score over the training rows: one, or one for each class. */
  readonly bases: readonly number[]
  /** How features were shuffled; null with the reason why they were not. */
  readonly shuffled: Shuffled | null
  readonly notShuffled: string | null
  /** The largest loss first, or the largest contribution where nothing was shuffled. */
  readonly features: readonly FeatureExplanation[]
  /** Features that say the same in part, shuffled together. */
  readonly groups: readonly { readonly features: readonly string[]; readonly loss: Loss }[]
}

export interface Shuffled {
  readonly metric: MetricName
  /** Down is good. */
  readonly isLoss: boolean
  /** The metric of the rows as they are. */
  readonly value: number
  readonly rows: number
  readonly repetitions: number
  /**
   * Models of the same trainer that were fitted on part of the training rows to be judged on the others. 0: the version
   * itself, on rows that it was not trained on, as far as is known.
   */
  readonly refits: number
}
