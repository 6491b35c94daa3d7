import { VigieError } from '../../errors.ts'
import type { FeatureSpec } from '../feature-spec.ts'
import type { Target } from '../model/target.ts'
import { Design } from './design.ts'
import { type Linear, linearProblem } from './linear.ts'
import { RowLosses } from './losses.ts'
import { type Convex, minimise } from './newton.ts'

export interface LinearRows {
  readonly features: FeatureSpec
  readonly columns: readonly Float64Array[]
  readonly label: Float64Array
  /** Of each row, above 0; null: all count the same. */
  readonly weight: Float64Array | null
}

export interface LinearFit {
  /** Half of it times the squared coefficients is added to the sum of the losses: scikit-learn's `1 / C`, or its `alpha`. */
  readonly l2: number
  /** Most Newton steps. */
  readonly maxIterations: number
  /** Ends when no derivative of the mean loss is larger (for numbers: in standard deviations of the label). */
  readonly tolerance: number
}

/**
 * Fits a linear model with an L2 penalty on all coefficients but the intercepts: logistic for two classes, a softmax for
 * several, least squares for numbers. Deterministic. A class without rows is never answered.
 *
 * @throws `fit_not_converged` when `maxIterations` steps do not reach the tolerance; `too_few_rows` without two classes
 */
export function fitLinear(
  rows: LinearRows,
  target: Target,
  { l2, maxIterations, tolerance }: LinearFit,
  onStep?: (done: number) => void,
): Linear {
  const { features, columns, label, weight } = rows
  const classes = target.kind === 'number' ? null : presentClasses(label, target.classes.length)
  const design = new Design(features, columns, label.length)
  const width = 1 + design.terms.count
  const fitted = target.kind === 'classes' ? classes! : [0]
  const coded = target.kind === 'classes' ? label.map((y) => fitted.indexOf(y)) : label
  const losses = new RowLosses(target.kind, fitted.length, coded, weight)
  const x = startOf(target, coded, weight, fitted.length, width)
  const unit = totalOf(weight, label.length) * (target.kind === 'number' ? deviationOf(label) : 1)
  const converged = minimise(new PenalisedLoss(design, losses, l2), x, {
    maxIterations,
    tolerance: tolerance * unit,
    ...(onStep ? { onStep } : {}),
  })
  const coefficients = target.kind === 'classes' ? ofAllClasses(x, fitted, target.classes.length, width) : x
  const linear: Linear = {
    target: target.kind,
    terms: design.terms,
    center: design.center,
    scale: design.scale,
    means: design.means(),
    coefficients,
  }
  const problem = converged ? linearProblem(linear) : `${maxIterations} steps were not enough`
  if (problem !== null) {
    throw new VigieError('fit_not_converged', `the linear model did not settle: ${problem}`, {
      rule: 'a linear model is the minimum of its loss',
      value: `l2 ${l2}, maxIterations ${maxIterations}, tolerance ${tolerance}`,
    })
  }
  return linear
}

/** The sum of the losses and the penalty, as a function of all coefficients. */
class PenalisedLoss implements Convex {
  private readonly design: Design
  private readonly losses: RowLosses
  private readonly l2: number
  private readonly width: number
  private readonly sums: readonly Float64Array[]
  private readonly slopes: readonly Float64Array[]

  constructor(design: Design, losses: RowLosses, l2: number) {
    this.design = design
    this.losses = losses
    this.l2 = l2
    this.width = 1 + design.terms.count
    const arrays = () => Array.from({ length: losses.outputs }, () => new Float64Array(design.rows))
    this.sums = arrays()
    this.slopes = arrays()
  }

  at(x: Float64Array, gradient: Float64Array): number {
    this.allSums(x)
    let value = this.losses.at(this.sums, this.slopes)
    for (let i = 0; i < x.length; i++) if (i % this.width !== 0) value += 0.5 * this.l2 * x[i]! * x[i]!
    this.transposed(x, gradient)
    return value
  }

  curvature(v: Float64Array, out: Float64Array): void {
    this.allSums(v)
    this.losses.curvature(this.sums, this.slopes)
    this.transposed(v, out)
  }

  diagonal(out: Float64Array): void {
    for (let i = 0; i < out.length; i++) out[i] = i % this.width === 0 ? 0 : this.l2
    for (const [k, slopes] of this.slopes.entries()) {
      this.losses.diagonal(k, slopes)
      this.design.addTransposed(slopes, out, k * this.width, true)
    }
  }

  private allSums(x: Float64Array): void {
    for (const [k, sums] of this.sums.entries()) this.design.sums(x, k * this.width, sums)
  }

  private transposed(x: Float64Array, out: Float64Array): void {
    for (let i = 0; i < x.length; i++) out[i] = i % this.width === 0 ? 0 : this.l2 * x[i]!
    for (const [k, slopes] of this.slopes.entries()) this.design.addTransposed(slopes, out, k * this.width)
  }
}

function presentClasses(label: Float64Array, classes: number): readonly number[] {
  const rows = new Float64Array(classes)
  for (const y of label) rows[y]!++
  const present = [...rows.keys()].filter((k) => rows[k]! > 0)
  if (present.length >= 2) return present
  throw new VigieError('too_few_rows', `the ${label.length} training rows are all of one class`, {
    rule: 'training needs rows of two classes at least',
    value: String(label.length),
  })
}

/** What an intercept alone would be. */
function startOf(
  target: Target,
  label: Float64Array,
  weight: Float64Array | null,
  outputs: number,
  width: number,
): Float64Array {
  const totals = new Float64Array(target.kind === 'number' ? 1 : Math.max(2, outputs))
  for (let i = 0; i < label.length; i++) {
    const w = weight === null ? 1 : weight[i]!
    if (target.kind === 'number') totals[0]! += w * label[i]!
    else totals[label[i]!]! += w
  }
  const x = new Float64Array(outputs * width)
  if (target.kind === 'number') x[0] = totals[0]! / totalOf(weight, label.length)
  else if (target.kind === 'binary') x[0] = Math.log(totals[1]! / totals[0]!)
  else for (let k = 0; k < outputs; k++) x[k * width] = Math.log(totals[k]!)
  return x
}

/** Intercept of a class that no training row has: its probability is 0. */
const NEVER = -1e4

/** Coefficients of the classes that were there among those of all. Intercepts are moved so that those fitted add up to 0. */
function ofAllClasses(x: Float64Array, fitted: readonly number[], classes: number, width: number): Float64Array {
  const all = new Float64Array(classes * width)
  for (let k = 0; k < classes; k++) all[k * width] = NEVER
  const mean = fitted.reduce((sum, _, k) => sum + x[k * width]!, 0) / fitted.length
  for (const [k, at] of fitted.entries()) {
    all.set(x.subarray(k * width, (k + 1) * width), at * width)
    all[at * width]! -= mean
  }
  return all
}

function totalOf(weight: Float64Array | null, rows: number): number {
  return weight === null ? rows : weight.reduce((sum, w) => sum + w, 0)
}

function deviationOf(label: Float64Array): number {
  const mean = label.reduce((sum, y) => sum + y, 0) / label.length
  return Math.sqrt(label.reduce((sum, y) => sum + (y - mean) ** 2, 0) / label.length) || 1
}
