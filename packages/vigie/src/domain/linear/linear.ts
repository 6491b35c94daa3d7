import type { FeatureSpec } from '../feature-spec.ts'
import { type Terms, termsOf } from './terms.ts'

/** How the sums of a linear model become its answer. */
export const LINKS = ['logistic', 'softmax', 'identity'] as const
export type Link = (typeof LINKS)[number]

/**
 * A linear model as it is served: a sum for each output of the target, and how sums become the answer.
 *
 * A number or boolean `x` counts as `(x - center) / scale`, null as 0, which is the mean; where null is legal a term of
 * its own says that it was null. A category has a term for each of its values. See `termsOf` for their order.
 */
export interface Linear {
  readonly link: Link
  /** Of each feature; 0 for a category. */
  readonly center: Float64Array
  /** Of each feature, above 0; 1 for a category. */
  readonly scale: Float64Array
  /** For each output its intercept and then its terms. */
  readonly coefficients: Float64Array
}

/** Greatest size of a coefficient, a centre or a scale: sums of them stay finite. */
export const MAX_COEFFICIENT = 1e100
/** Least scale. */
const MIN_SCALE = 1e-100

/** Floats of each section of a linear model of `outputs` outputs, in the order in which they are written. */
export function linearSizes(spec: FeatureSpec, outputs: number) {
  return { center: spec.length, scale: spec.length, coefficients: outputs * (1 + termsOf(spec).count) }
}

/** What is wrong with a linear model from anywhere, or null: then every row has finite sums. */
export function linearProblem(linear: Linear, spec: FeatureSpec, outputs: number): string | null {
  const sizes = linearSizes(spec, outputs)
  const wrongSize = (Object.keys(sizes) as (keyof typeof sizes)[]).find((part) => linear[part].length !== sizes[part])
  if (wrongSize) return `${wrongSize} has ${linear[wrongSize].length} values and not ${sizes[wrongSize]}`
  if (linear.link === 'softmax' ? outputs < 2 : outputs !== 1) return `${linear.link} has not ${outputs} outputs`
  for (let f = 0; f < spec.length; f++) {
    const center = linear.center[f]!
    const scale = linear.scale[f]!
    if (!(Math.abs(center) <= MAX_COEFFICIENT)) return `feature ${f} has no center`
    if (!(scale >= MIN_SCALE && scale <= MAX_COEFFICIENT)) return `feature ${f} has no scale`
    if (spec[f]!.type === 'category' && (center !== 0 || scale !== 1)) return `category ${f} is scaled`
  }
  const wrong = linear.coefficients.findIndex((value) => !(Math.abs(value) <= MAX_COEFFICIENT))
  return wrong === -1 ? null : `coefficient ${wrong} is out of range`
}

/** Writes the answer of one row, one value an output, to `out` from `at`. `row` holds the features in the order of the spec. */
export function linearAnswer(linear: Linear, terms: Terms, row: Float64Array, out: Float64Array, at = 0): void {
  const { center, scale, coefficients } = linear
  const width = 1 + terms.count
  const outputs = coefficients.length / width
  for (let k = 0; k < outputs; k++) {
    const first = k * width + 1
    let sum = coefficients[first - 1]!
    for (let f = 0; f < row.length; f++) {
      const x = row[f]!
      if (Number.isNaN(x)) {
        if (terms.ofNull[f]! >= 0) sum += coefficients[first + terms.ofNull[f]!]!
      } else if (terms.categories[f]! > 0) sum += coefficients[first + terms.start[f]! + x]!
      else sum += coefficients[first + terms.start[f]!]! * ((x - center[f]!) / scale[f]!)
    }
    out[at + k] = sum
  }
  answerOf(linear.link, out, at, outputs)
}

/** Sums to answers, in place. */
export function answerOf(link: Link, out: Float64Array, at: number, outputs: number): void {
  if (link === 'logistic') out[at] = 1 / (1 + Math.exp(-out[at]!))
  else if (link === 'softmax') softmax(out, at, outputs)
}

function softmax(out: Float64Array, at: number, outputs: number): void {
  let greatest = Number.NEGATIVE_INFINITY
  for (let k = 0; k < outputs; k++) greatest = Math.max(greatest, out[at + k]!)
  let total = 0
  for (let k = 0; k < outputs; k++) {
    const e = Math.exp(out[at + k]! - greatest)
    out[at + k] = e
    total += e
  }
  for (let k = 0; k < outputs; k++) out[at + k]! /= total
}
