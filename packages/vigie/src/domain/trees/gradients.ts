/** Sums over rows. `packed` is the second derivatives and the number of rows in one number: see `gradientScale`. */
export interface GradientSums {
  gradient: number
  packed: number
}

/**
 * Rounds so that every sum is exact: gradients and second derivatives become multiples of a power of two that is small
 * enough to lose nothing (2^-32 of their mean with a million rows) and large enough that any sum of them fits the 53
 * bits of a float64. So a sum does not depend on its order, a histogram minus another is what counting would give, and
 * a model has the same bytes whoever adds and in whatever order.
 *
 * The rows of a sum are counted in the same number: each second derivative is raised by a power of two, `unit`, that is
 * above the sum of all. `Math.floor(packed / unit)` is the rows, the rest the second derivatives.
 */
export interface GradientScale {
  readonly gradientStep: number
  readonly hessianStep: number
  readonly unit: number
}

/** Most rows whose sums are exact and still fine: a second derivative of the mean size keeps four bits. */
export const MAX_BOOSTED_ROWS = 1 << 24

/** For `rows` rows whose gradients have the sum `gradients` in absolute value, and whose second derivatives `hessians`. */
export function gradientScale(rows: number, gradients: number, hessians: number): GradientScale {
  const countBits = Math.ceil(Math.log2(rows + 1))
  const hessianBits = 53 - countBits
  // Half of the room is for the sum itself and half for what rounding adds to it.
  const hessianStep = 2 ** (Math.ceil(Math.log2(hessians)) - (hessianBits - 1))
  return {
    gradientStep: gradients > 0 ? 2 ** (Math.ceil(Math.log2(gradients)) - 51) : 1,
    hessianStep,
    unit: hessianStep * 2 ** hessianBits,
  }
}

/**
 * Rounds the gradient pairs (at `2 * row`) of the rows `order[start .. end-1]` to whole steps, counts them in `unit`,
 * and leaves their sums in `sums`.
 */
export function roundGradients(
  gradients: Float64Array,
  sums: GradientSums,
  order: Int32Array,
  start: number,
  end: number,
  { gradientStep, hessianStep, unit }: GradientScale,
): void {
  // Adding and taking away 1.5 * 2^52 steps rounds to whole steps.
  const roundGradient = 1.5 * 2 ** 52 * gradientStep
  const roundHessian = 1.5 * 2 ** 52 * hessianStep
  let gradient = 0
  let packed = 0
  for (let i = start; i < end; i++) {
    const row = order[i]!
    const g = gradients[2 * row]! + roundGradient - roundGradient
    const h = gradients[2 * row + 1]! + roundHessian - roundHessian + unit
    gradients[2 * row] = g
    gradients[2 * row + 1] = h
    gradient += g
    packed += h
  }
  sums.gradient = gradient
  sums.packed = packed
}
