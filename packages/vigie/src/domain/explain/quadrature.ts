/** Points and weights with which an integral from 0 to 1 is a weighted sum. */
export interface Quadrature {
  readonly points: Float64Array
  readonly weights: Float64Array
  /** 1 / (1 - t) of each point. */
  readonly failed: Float64Array
}

const known = new Map<number, Quadrature>()

/**
 * Gauss-Legendre on (0, 1): exact for polynomials of degree `2 n - 1`, with all points inside and all weights positive.
 * Roots of the Legendre polynomial by Newton's method from Tricomi's guess (Abramowitz and Stegun 25.4.29).
 */
export function gaussLegendre(n: number): Quadrature {
  const found = known.get(n)
  if (found) return found
  const points = new Float64Array(n)
  const weights = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5))
    let slope = 1
    // It doubles the digits each time; from this guess four are enough for all that float64 can tell.
    for (let step = 0; step < 6; step++) {
      const { value, derivative } = legendre(n, x)
      slope = derivative
      x -= value / derivative
    }
    points[n - 1 - i] = (1 + x) / 2
    weights[n - 1 - i] = 1 / ((1 - x * x) * slope * slope)
  }
  const made = { points, weights, failed: points.map((t) => 1 / (1 - t)) }
  known.set(n, made)
  return made
}

function legendre(n: number, x: number): { readonly value: number; readonly derivative: number } {
  let before = 1
  let value = x
  for (let k = 2; k <= n; k++) {
    const next = ((2 * k - 1) * x * value - (k - 1) * before) / k
    before = value
    value = next
  }
  return { value, derivative: (n * (x * value - before)) / (x * x - 1) }
}
