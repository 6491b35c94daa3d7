import type { FeatureSpec } from '../feature-spec.ts'
import { outputWidth, type Target } from '../model/target.ts'
import { softmax } from '../softmax.ts'
import { type Terms, termsOf } from './terms.ts'

/**
 * A linear model as it is served: a sum for each output of the target, and how sums become the answer.
 *
 * A number or boolean `x` counts as `(x - center) / scale`, null as 0, which is the mean; where null is legal a term of
 * its own says that it was null. A category has a term for each of its values. See `termsOf` for their order.
 */
export interface Linear {
  /** What the sums are: the log-odds of class 1, of each class (up to a constant), or the number that is asked. */
  readonly target: Target['kind']
  readonly terms: Terms
  /** Of each feature; 0 for a category. */
  readonly center: Float64Array
  /** Of each feature, above 0; 1 for a category. */
  readonly scale: Float64Array
  /** Of each term: its mean over the training rows, from which explanations start. */
  readonly means: Float64Array
  /** For each output its intercept and then its terms. */
  readonly coefficients: Float64Array
}

/** Greatest size of a coefficient, a centre or a scale: sums of them stay finite. */
export const MAX_COEFFICIENT = 1e50
/** Least scale. */
const MIN_SCALE = 1e-50

/** Numbers that a linear model of these features is written in: see `linearOver`. */
export function linearLength(features: FeatureSpec, target: Target): number {
  const terms = termsOf(features).count
  return 2 * features.length + terms + outputWidth(target) * (1 + terms)
}

/** The model that is written in `linearLength` numbers: centres, scales, means, coefficients. A view of them. */
export function linearOver(values: Float64Array, features: FeatureSpec, target: Target): Linear {
  const width = features.length
  const terms = termsOf(features)
  return {
    target: target.kind,
    terms,
    center: values.subarray(0, width),
    scale: values.subarray(width, 2 * width),
    means: values.subarray(2 * width, 2 * width + terms.count),
    coefficients: values.subarray(2 * width + terms.count),
  }
}

/** The numbers that `linearOver` reads. */
export function packLinear({ center, scale, means, coefficients }: Linear): Float64Array {
  const parts = [center, scale, means, coefficients]
  const values = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    values.set(part, at)
    at += part.length
  }
  return values
}

/** What is wrong with a model of the right length from anywhere, or null: then every finite row has finite sums. */
export function linearProblem({ terms, center, scale, means, coefficients }: Linear): string | null {
  for (let f = 0; f < center.length; f++) {
    if (!(Math.abs(center[f]!) <= MAX_COEFFICIENT)) return `the centre of feature ${f} is out of range`
    if (!(scale[f]! >= MIN_SCALE && scale[f]! <= MAX_COEFFICIENT)) return `the scale of feature ${f} is out of range`
    if (terms.categories[f]! > 0 && (center[f] !== 0 || scale[f] !== 1))
      return `feature ${f} is a category with a scale`
  }
  const mean = means.findIndex((value) => !(Math.abs(value) <= MAX_COEFFICIENT))
  if (mean !== -1) return `the mean of term ${mean} is out of range`
  const wrong = coefficients.findIndex((value) => !(Math.abs(value) <= MAX_COEFFICIENT))
  return wrong === -1 ? null : `coefficient ${wrong} is out of range`
}

/**
 * The answer for one row into `out`, one value an output. `row` holds the features in the order of the spec, NaN for
 * null.
 */
export function linearRow(linear: Linear, row: Float64Array, out: Float64Array): void {
  const width = 1 + linear.terms.count
  const outputs = linear.coefficients.length / width
  for (let k = 0; k < outputs; k++) out[k] = sumOf(linear, k * width, row)
  answersOf(linear.target, out, outputs)
}

/** Intercept and terms of a row whose output's coefficients begin at `at`. */
function sumOf({ terms, center, scale, coefficients }: Linear, at: number, row: Float64Array): number {
  const { start, categories, ofNull } = terms
  let sum = coefficients[at]!
  for (let f = 0; f < row.length; f++) {
    const x = row[f]!
    if (Number.isNaN(x)) {
      if (ofNull[f]! >= 0) sum += coefficients[at + 1 + ofNull[f]!]!
    } else if (categories[f]! > 0) sum += coefficients[at + 1 + start[f]! + x]!
    else sum += coefficients[at + 1 + start[f]!]! * ((x - center[f]!) / scale[f]!)
  }
  return sum
}

/** Sums to answers, in place. */
function answersOf(target: Target['kind'], out: Float64Array, outputs: number): void {
  if (target === 'binary') out[0] = 1 / (1 + Math.exp(-out[0]!))
  else if (target === 'classes') softmax(out, 0, outputs)
}
