/** Squared error of one probability. Their mean is the Brier score (Brier 1950), from 0 to 1. Down is good. */
export function brierOfRow(y: number, p: number): number {
  return (p - y) ** 2
}

/** Brier's score of one row over several classes: the squared errors of all, from 0 to 2. */
export function brierOfClasses(y: number, scores: Float64Array, row: number, classes: number): number {
  let sum = 0
  for (let k = 0; k < classes; k++) sum += brierOfRow(k === y ? 1 : 0, scores[row * classes + k]!)
  return sum
}
