import type { FeatureSpec } from '../feature-spec.ts'

/** Where the terms of each feature are in the sum of a linear model. */
export interface Terms {
  readonly count: number
  /** First term of feature `f`. A number or boolean has one, a category one for each of its values. */
  readonly start: Int32Array
  /** Number of values of a category, 0 for a number or boolean. */
  readonly categories: Int32Array
  /** The term that is 1 when the feature is null; -1 for a feature that may not be. */
  readonly ofNull: Int32Array
}

/** The terms of a linear model, in the order of the features: their values, then that of null where it is legal. */
export function termsOf(spec: FeatureSpec): Terms {
  const start = new Int32Array(spec.length)
  const categories = new Int32Array(spec.length)
  const ofNull = new Int32Array(spec.length).fill(-1)
  let count = 0
  for (const [f, { type, categories: values, optional }] of spec.entries()) {
    start[f] = count
    categories[f] = type === 'category' ? (values?.length ?? 0) : 0
    count += type === 'category' ? categories[f]! : 1
    if (optional) ofNull[f] = count++
  }
  return { count, start, categories, ofNull }
}
