const single = new Float32Array(1)
const bits = new Int32Array(single.buffer)
const double = new Float64Array(1)
const wideBits = new BigInt64Array(double.buffer)

/** Least float64 that rounds to an infinite float32. */
const TO_INFINITY = 3.4028234663852886e38 + 2 ** 103

/** Greatest float32 that is not above `x`: what a float32 is at most `x` by, it is at most this by. */
export function floatBelow(x: number): number {
  const rounded = Math.fround(x)
  return rounded <= x ? rounded : previousFloat(rounded)
}

/** The float32 just below a float32; the greatest finite one below infinity. */
export function previousFloat(x: number): number {
  single[0] = x
  if (x === 0) return -1.401298464324817e-45
  bits[0]! += x > 0 ? -1 : 1
  return single[0]!
}

/**
 * Greatest float64 that rounds to a float32 of at most `t`: a tool that rounds its inputs to float32 and compares with
 * `<= t` sends exactly the values up to this to the left. `t` is a float32. Never infinite.
 */
export function atMostFloat(t: number): number {
  if (t === Number.POSITIVE_INFINITY) return Number.MAX_VALUE
  if (t === Number.NEGATIVE_INFINITY) return -TO_INFINITY
  const next = nextFloat(t)
  // The middle goes to whichever of the two is even.
  const middle = next === Number.POSITIVE_INFINITY ? TO_INFINITY : t + (next - t) / 2
  return Math.fround(middle) <= t ? middle : previousDouble(middle)
}

/** Greatest float64 that rounds to a float32 below `t`: the same for tools that compare with `< t`. */
export function belowFloat(t: number): number {
  return t === Number.NEGATIVE_INFINITY ? -Number.MAX_VALUE : atMostFloat(previousFloat(t))
}

/** The float64 just below a finite one. */
export function previousDouble(x: number): number {
  if (x === 0) return -Number.MIN_VALUE
  double[0] = x
  wideBits[0]! += x > 0 ? -1n : 1n
  return double[0]!
}

function nextFloat(x: number): number {
  return -previousFloat(-x)
}
