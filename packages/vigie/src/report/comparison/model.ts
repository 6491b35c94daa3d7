import type { AsOf } from '../../domain/as-of.ts'
import type { ComparisonDetails } from '../../domain/comparison-details.ts'
import type { Target } from '../../domain/model/target.ts'
import type { PromotionPolicy } from '../../domain/policy.ts'
import type { Outcome, Reason } from '../../domain/promotion/decision.ts'
import type { Evidence } from '../../domain/promotion/evidence.ts'

/** What a page says of each of the two. */
export interface ComparedModel {
  readonly version: number
  readonly trainedAsOf: AsOf
  readonly trainingRows: number
  /** Kind of the trainer. */
  readonly trainer: string
  /** Class 1 when the probability is above it; null for other targets. */
  readonly threshold: number | null
  /** Of the artefact, sha256. */
  readonly artefact: string
}

/** Everything that the page of a comparison says. Both forms are made from this alone. */
export interface ComparisonReport {
  readonly project: string
  readonly model: string
  readonly asOf: AsOf
  readonly target: Target
  readonly challenger: ComparedModel
  /** Null when there is nobody to compare with: a first model. */
  readonly champion: ComparedModel | null
  /** False when `champion` stands for any version that was named: nobody is promoted by that. */
  readonly againstChampion: boolean
  /** Id of the recorded decision; null when none was recorded. */
  readonly decision: string | null
  readonly outcome: Outcome
  readonly reasons: readonly Reason[]
  readonly policy: PromotionPolicy
  readonly evidence: Evidence
  /** Null when the models could not be compared, so nothing was scored. */
  readonly details: ComparisonDetails | null
  /** Held-out rows that were left out because a feature that is not optional has no value. */
  readonly incomplete: number
  /** Program and version. */
  readonly generatedBy: string
}
