import type { Metrics } from '../metrics/evaluate.ts'
import type { Exposure, GuardName, TargetKind } from '../policy.ts'

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
  /** Of labels of two classes; null for others. */
  readonly positives: number | null
  readonly negatives: number | null
  readonly entities: number
  /** Share of the rows' labels that have matured, 0 to 1. */
  readonly maturedShare: number
  /** What the labels are. */
  readonly kind?: TargetKind
  readonly rows?: number
  /** Rows of the rarest class, when there are several; null otherwise. */
  readonly rarest?: number | null
  /** Share of the rows that are of the entity with the most. */
  readonly largestShare?: number
}

/** Which of the held-out rows are compared on. */
export interface Selection {
  /** Rows that are held out, with a label and all values. */
  readonly held: number
  readonly used: number
  readonly exposure: Exposure
  /** Held-out rows of entities that a model was trained on, and some of them; null when nobody knows. */
  readonly seenByChampion: Overlap | null
  readonly seenByChallenger: Overlap | null
}

/** One row of the ledger of looks. */
export interface LedgerEntry {
  readonly number: number
  readonly challenger: number
  readonly metric: string
  readonly rowsHash: string
}

/** How looks at the holdout were counted. */
export interface LookLedger {
  /** The looks before this one that count against this champion. */
  readonly earlier: readonly LedgerEntry[]
  /** Share of the rows whose labels matured after the look before; 1 for a first look. */
  readonly freshShare: number
}

/** The challenger's gain in the policy's metric: up is better, also where the metric is a loss. */
export interface Gain {
  readonly estimate: number
  readonly se: number
  /** Null when `se` is 0, and for a gain that was resampled. */
  readonly df: number | null
  /** For a gain that was resampled, which has no degrees of freedom: its lower bound at level `alpha`. */
  readonly resampled?: { readonly lower: number; readonly alpha: number; readonly undefinedShare: number } | null
}

/** How much worse the challenger is in a guarded metric, or what was measured on it. */
export type GuardEvidence =
  | { readonly drop: number; readonly se: number; readonly lower?: number }
  | { readonly rise: number; readonly se: number; readonly lower?: number }
  | { readonly value: number }

export interface SliceEvidence {
  readonly name: string
  /** Of the one-sided test that the challenger's loss is higher in the slice. */
  readonly p: number
  /** Mean rise of the Brier score in the slice; for numbers, of the squared error as a share of the labels' variance. */
  readonly harm: number
  readonly kind?: 'declared' | 'found'
  /** The feature that makes a declared slice. */
  readonly of?: string | null
  readonly rows?: number
  readonly se?: number
  readonly df?: number | null
}

/** A declared slice that is too small to test. */
export interface UnjudgedSlice {
  readonly name: string
  readonly rows: number
  readonly of: string
}

/** All that the gate decides on. Plain data: it is stored with the decision and gives the same decision again. */
export interface Evidence {
  /**
   * 2: everything below is there. Absent in evidence that was gathered before it was numbered, which has no field that
   * came with 2.
   */
  readonly format?: 2
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
  readonly ledger?: LookLedger | null
  /** Null for a model whose training rows are not known. */
  readonly overlap: { readonly champion: Overlap | null; readonly challenger: Overlap | null }
  readonly sample: Sample
  readonly selection?: Selection
  /** Null for a first model, and when nothing was scored or the rows allow no interval. */
  readonly gain: Gain | null
  /** For a first model: one-sided 95 % lower bound of its AUC, or for numbers of its R2. */
  readonly floorLower: number | null
  readonly guards: { readonly [G in GuardName]?: GuardEvidence }
  /** Every slice that was tested; null when none was looked for. */
  readonly slices: readonly SliceEvidence[] | null
  readonly unjudgedSlices?: readonly UnjudgedSlice[] | null
  /** Share of class 1 in the evaluated rows and in the challenger's training; null where there are not two classes. */
  readonly baseRates?: { readonly evaluated: number; readonly trained: number } | null
  /** Artefact that holds the scores all of this was computed from, for replay; null when they were too many to keep. */
  readonly scoredRows?: string | null
  /** For the sentences only. */
  readonly metrics: { readonly champion: Metrics | null; readonly challenger: Metrics } | null
}

/**
 * What a value may be after a journey through JSON, older programs and people: any field may be absent, and a number
 * that was NaN is null. The gate reads its inputs as this and holds on what is not there.
 */
export type Claimed<T> = T extends object ? { readonly [K in keyof T]?: Claimed<T[K]> | null } : T | null
