/** The float64 right above `x` (`direction` 1) or right below it (-1): what an exclusive bound is as an inclusive one. */
export function nextFloat(x: number, direction: 1 | -1): number {
  if (!Number.isFinite(x)) return x
  if (x === 0) return direction * Number.MIN_VALUE
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  // The bits of floats of one sign are in the order of their magnitudes.
  const step = x > 0 === direction > 0 ? 1n : -1n
  view.setBigInt64(0, view.getBigInt64(0) + step)
  return view.getFloat64(0)
}

/** An exclusive bound as an inclusive one, for whole numbers or for floats. */
export function inclusive(type: 'int' | 'float', bound: number, direction: 1 | -1): number {
  if (type === 'float') return nextFloat(bound, direction)
  return direction === 1 ? Math.floor(bound) + 1 : Math.ceil(bound) - 1
}
