import type { FeatureSpec } from './feature-spec.ts'

/**
 * Rows of features as columns, the form in which everything numeric works.
 *
 * `columns[i]` holds feature `spec[i]` for all rows as float64: an int or float as itself, a boolean as 0 or 1, a
 * category as its code (position in `categories`). NaN is null; no other NaN or infinity gets past ingest.
 * Rows are sorted by key (code-unit order), so equal content is equal bytes.
 */
export interface Frame {
  readonly spec: FeatureSpec
  readonly keys: readonly string[]
  readonly columns: readonly Float64Array[]
  /** When the rows came with labels: 0 or 1 a row, the index of a class, or the number. */
  readonly label: Float64Array | null
  /** How much each row counts in training, above 0. Without it all count alike. */
  readonly weight?: Float64Array | null
}

/** The rows at `indices`, in that order. Copies, so the result can be handed to another thread. */
export function takeRows(frame: Frame, indices: ArrayLike<number>): Frame {
  const n = indices.length
  const take = (source: Float64Array): Float64Array => {
    const out = new Float64Array(n)
    for (let i = 0; i < n; i++) out[i] = source[indices[i]!]!
    return out
  }
  return {
    spec: frame.spec,
    keys: Array.from(indices, (i) => frame.keys[i]!),
    columns: frame.columns.map(take),
    label: frame.label && take(frame.label),
    ...(frame.weight ? { weight: take(frame.weight) } : {}),
  }
}
