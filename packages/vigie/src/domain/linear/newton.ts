/** A smooth convex function of many variables. */
export interface Convex {
  /** Its value at `x`; leaves the gradient in `gradient`. What follows is at the last `x` that this was asked for. */
  at(x: Float64Array, gradient: Float64Array): number
  /** The Hessian times `v`. */
  curvature(v: Float64Array, out: Float64Array): void
  /** The diagonal of the Hessian. */
  diagonal(out: Float64Array): void
}

export interface NewtonOptions {
  readonly maxIterations: number
  /** Ends when no element of the gradient is larger. */
  readonly tolerance: number
  /** Called after each step. */
  readonly onStep?: (done: number) => void
}

/**
 * Minimises by Newton's method, whose steps are found by conjugate gradients (Nocedal and Wright, Numerical
 * Optimization, algorithm 7.1) with the diagonal as preconditioner, and halved until the value falls enough. `x` is the
 * start and becomes the minimum. Returns whether the tolerance was met.
 */
export function minimise(f: Convex, x: Float64Array, { maxIterations, tolerance, onStep }: NewtonOptions): boolean {
  const n = x.length
  const gradient = new Float64Array(n)
  const ahead = new Float64Array(n)
  const diagonal = new Float64Array(n)
  let value = f.at(x, gradient)
  for (let step = 0; step < maxIterations; step++) {
    const size = maxNorm(gradient)
    if (size <= tolerance) return true
    f.diagonal(diagonal)
    const direction = solve(f, gradient, diagonal, Math.min(0.1, size / (1 + size)))
    const slope = dot(direction, gradient)
    if (!(slope < 0)) return false
    let length = 1
    let next = move(x, direction, length, ahead, f, gradient)
    while (!falls(value, next, length * slope, dot(direction, gradient), slope) && length > 1e-10) {
      length /= 2
      next = move(x, direction, length, ahead, f, gradient)
    }
    x.set(ahead)
    value = next
    onStep?.(step + 1)
  }
  return maxNorm(gradient) <= tolerance
}

/**
 * Whether a step went down: by a ten-thousandth of what the slope promised, or, where the difference of the values drowns
 * in their rounding, to where it is less steep (the approximate Wolfe condition: Hager and Zhang 2005).
 */
function falls(value: number, next: number, promised: number, slopeThere: number, slopeHere: number): boolean {
  if (next <= value + 1e-4 * promised) return true
  return next <= value + 1e-6 * Math.abs(value) && slopeThere <= -0.9 * slopeHere
}

function move(
  x: Float64Array,
  direction: Float64Array,
  length: number,
  ahead: Float64Array,
  f: Convex,
  gradient: Float64Array,
): number {
  for (let i = 0; i < x.length; i++) ahead[i] = x[i]! + length * direction[i]!
  return f.at(ahead, gradient)
}

/** Approximately minus the inverse Hessian times the gradient: until the residual is `share` of the gradient. */
function solve(f: Convex, gradient: Float64Array, diagonal: Float64Array, share: number): Float64Array {
  const n = gradient.length
  const solution = new Float64Array(n)
  const residual = gradient.map((g) => -g)
  const scaled = residual.map((r, i) => r / Math.max(diagonal[i]!, 1e-300))
  const direction = scaled.slice()
  const product = new Float64Array(n)
  let energy = dot(residual, scaled)
  const enough = share * share * dot(gradient, gradient)
  for (let i = 0; i < 2 * n + 20 && dot(residual, residual) > enough; i++) {
    f.curvature(direction, product)
    const bend = dot(direction, product)
    // Flat to within rounding: what was found so far goes down.
    if (!(bend > 1e-300)) break
    const length = energy / bend
    for (let j = 0; j < n; j++) {
      solution[j]! += length * direction[j]!
      residual[j]! -= length * product[j]!
      scaled[j] = residual[j]! / Math.max(diagonal[j]!, 1e-300)
    }
    const before = energy
    energy = dot(residual, scaled)
    for (let j = 0; j < n; j++) direction[j] = scaled[j]! + (energy / before) * direction[j]!
  }
  return solution
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function maxNorm(a: Float64Array): number {
  let greatest = 0
  for (const x of a) greatest = Math.max(greatest, Math.abs(x))
  return greatest
}
