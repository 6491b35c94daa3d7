import type { Metrics } from '../metrics/evaluate.ts'
import type { GuardName } from '../policy.ts'

/** Evaluation rows that a model was trained on. */
export interface Overlap {
  /** Same entity at the same date. */
  readonly rows: number
  /** Same entity at any date. */
  readonly entities: number
  /** The first of those entities. */
  readonly keys?: readonly string[]
}

/** What the evaluation rows are, known before anything is scored. */
export interface Sample {
  readonly positives: number
  readonly negatives: number
  readonly entities: number
  /** Share of the rows' labels that have matured, 0 to 1. */
  readonly maturedShare: number
}

/** The challenger's gain in the policy's metric: up is better, also where the metric is a loss. */
export interface Gain {
  readonly estimate: number
  readonly se: number
  /** Null when `se` is 0. */
  readonly df: number | null
}

/** How much worse the challenger is in a guarded metric, or what was measured on it. */
export type GuardEvidence =
  | { readonly drop: number; readonly se: number }
  | { readonly rise: number; readonly se: number }
  | { readonly value: number }

export interface SliceEvidence {
  readonly name: string
  /** Of the one-sided test that the challenger's Brier score is higher in the slice. */
  readonly p: number
  /** Mean rise of the Brier score in the slice. */
  readonly harm: number
}

/** All that the gate decides on. Plain data: it is stored with the decision and gives the same decision again. */
export interface Evidence {
  /** Policy under which the challenger was trained. */
  readonly policyHash: string
  /** Milliseconds since 1970, as `trainedAt`: when the policy was fixed, and when training began. */
  readonly policyFrozenAt: number
  readonly trainedAt: number
  /** True exactly when `championId` is null. Both are asked for, so that a lost id is not taken for a first model. */
  readonly firstModel: boolean
  readonly championId: string | null
  /**
   * A champion that is not compared with, because the definition no longer has what it reads (`lacking`): it answers
   * nobody, and the challenger is judged as a first model. Null or absent otherwise.
   */
  readonly unreadable?: { readonly id: string; readonly lacking: readonly string[] } | null
  readonly challengerId: string
  readonly rowsHash: string
  /** Number of this look at the holdout in the champion's reign; null when nothing was scored, so none was spent. */
  readonly look: number | null
  /** Null for a model whose training rows are not known. */
  readonly overlap: { readonly champion: Overlap | null; readonly challenger: Overlap | null }
  readonly sample: Sample
  /** Null for a first model, and when nothing was scored or the rows allow no interval. */
  readonly gain: Gain | null
  /** For a first model: one-sided 95 % lower bound of its AUC. */
  readonly floorLower: number | null
  readonly guards: { readonly [G in GuardName]?: GuardEvidence }
  /** Every slice that was tested; null when none was looked for. */
  readonly slices: readonly SliceEvidence[] | null
  /** For the sentences only. */
  readonly metrics: { readonly champion: Metrics | null; readonly challenger: Metrics } | null
}

/**
 * What a value may be after a journey through JSON, older programs and people: any field may be absent, and a number
 * that was NaN is null. The gate reads its inputs as this and holds on what is not there.
 */
export type Claimed<T> = T extends object ? { readonly [K in keyof T]?: Claimed<T[K]> | null } : T | null
