import { VigieError } from '../../errors.ts'
import type { FeatureColumn, FeatureSpec } from '../feature-spec.ts'
import { type KernelMemory, kernelMemory } from './histogram-kernel.ts'
import { binNumbers } from './numeric-bins.ts'

/** Categories a feature may have, so that the left side of a split fits a mask of 64 bits. */
export const MAX_CATEGORIES = 64

export interface BinnedFeature {
  readonly kind: 'numeric' | 'category'
  /** Bins 1 to `bins` hold values. Bin 0 holds null. */
  readonly bins: number
}

/** Features as small whole numbers that keep the order of the values: what trees are grown on. Shared by threads. */
export interface Bins {
  readonly rows: number
  readonly features: readonly BinnedFeature[]
  /** Bin of feature `f` in row `i`, at `f * rows + i`. */
  readonly codes: Uint8Array
  /** Where the codes lie, when boosting's kernel reads them there; it is made larger by what else the kernel needs. */
  readonly kernelMemory: KernelMemory | null
  /** Least and greatest value in bin `b` of numeric feature `f`, at `f << 8 | b`. */
  readonly least: Float64Array
  readonly greatest: Float64Array
}

/** What is filled a feature at a time. */
export type BinArrays = Omit<Bins, 'features'>

/** Room for the bins of so many features. */
export function binArrays(
  features: number,
  rows: number,
  { kernel = false }: { readonly kernel?: boolean } = {},
): BinArrays {
  const memory = kernel ? kernelMemory(features * rows) : null
  return {
    rows,
    codes: new Uint8Array(memory?.buffer ?? new SharedArrayBuffer(features * rows), 0, features * rows),
    kernelMemory: memory,
    least: new Float64Array(new SharedArrayBuffer(features * 256 * 8)),
    greatest: new Float64Array(new SharedArrayBuffer(features * 256 * 8)),
  }
}

/**
 * Bins the column of feature `f` (NaN is null). A numeric feature with at most 254 distinct values gets a bin for each:
 * its splits are exact. With more, each bin holds about the same number of rows, and equal values are never parted. The
 * bin of a category is its code + 1. Throws `too_many_categories` above 64.
 */
export function binColumn(
  { name, type, categories }: FeatureColumn,
  column: Float64Array,
  f: number,
  { rows, codes, least, greatest }: BinArrays,
): BinnedFeature {
  const target = codes.subarray(f * rows, (f + 1) * rows)
  if (type !== 'category') {
    const place = [f << 8, (f + 1) << 8] as const
    const bins = binNumbers(column, target, least.subarray(...place), greatest.subarray(...place))
    return { kind: 'numeric', bins }
  }
  const bins = categories?.length ?? 0
  if (bins > MAX_CATEGORIES) {
    throw new VigieError('too_many_categories', `${name} has ${bins} categories`, {
      rule: `a forest reads at most ${MAX_CATEGORIES} categories a feature`,
      value: String(bins),
      column: name,
    })
  }
  for (let i = 0; i < rows; i++) target[i] = Number.isNaN(column[i]!) ? 0 : column[i]! + 1
  return { kind: 'category', bins }
}

/** Bins every column. */
export function binFeatures(spec: FeatureSpec, columns: readonly Float64Array[], rows: number): Bins {
  const arrays = binArrays(spec.length, rows)
  return { ...arrays, features: spec.map((feature, f) => binColumn(feature, columns[f]!, f, arrays)) }
}
