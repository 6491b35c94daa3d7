import { VigieError } from '../errors.ts'
import type { FeatureColumn, FeatureSpec } from './feature-spec.ts'
import type { Frame } from './frame.ts'

/** The features to read for rows of `spec` that are weighted by `weight`, which may be one of them. */
export function withWeightColumn(spec: FeatureSpec, weight: FeatureColumn): FeatureSpec {
  return spec.some(({ name }) => name === weight.name) ? spec : [...spec, weight]
}

/** Rows of `spec` from rows that were read with the column of their weights. */
export function takeWeights<F extends Frame>(read: F, spec: FeatureSpec, weight: FeatureColumn): F {
  const values = read.columns[read.spec.findIndex(({ name }) => name === weight.name)]!
  return { ...read, spec, columns: read.columns.slice(0, spec.length), weight: values }
}

/** Throws `sample_weight_invalid` unless every row has a weight above 0. */
export function checkWeights({ keys, weight }: Frame, name: string): void {
  const wrong = weight ? weight.findIndex((w) => !(w > 0 && w < Number.POSITIVE_INFINITY)) : -1
  if (wrong === -1) return
  const value = Number.isNaN(weight![wrong]) ? 'null' : String(weight![wrong])
  throw new VigieError('sample_weight_invalid', `${name} of ${keys[wrong]} is ${value}`, {
    rule: 'the sample weight of a training row is a number above 0, and never null',
    value,
    column: name,
  })
}
