import type { ReadLabels } from './labels.ts'

/** Which columns of a file of predictions mean what. */
export interface PredictionColumns {
  readonly label: string
  /** One, or one a class. */
  readonly score: readonly string[]
  /** Of the model to compare with: as many, or none. */
  readonly against: readonly string[]
  readonly weight: string | null
  /** What several rows may be of. */
  readonly entity: string | null
  /** Columns by whose values the rows are parted. */
  readonly slices: readonly string[]
}

/** A column by whose values rows are parted. */
export interface SliceColumn {
  readonly column: string
  /** Number of each row's text in `names`. */
  readonly codes: Int32Array
  readonly names: readonly string[]
}

/** The columns of a file of predictions. */
export interface Predictions {
  readonly rows: number
  readonly labels: ReadLabels
  readonly score: readonly Float64Array[]
  readonly against: readonly Float64Array[]
  readonly weights: Float64Array | null
  /** Number of each row's entity, from 0; null when every row stands for itself. */
  readonly entities: Int32Array | null
  readonly slices: readonly SliceColumn[]
}
