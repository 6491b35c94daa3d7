import { plattSigmoid } from '../calibration/platt.ts'

/** Log-odds of probabilities are cut here: forests answer 0 and 1. */
const LEAST = 1e-6

/**
 * Probabilities of class 1, mended by Platt's sigmoid of the log-odds that was fitted on the other half of the rows. When
 * a policy asks for ranking, a model that is only off in level (class weights do that) must not look harmful everywhere.
 * A half that has one class only cannot be fitted on: then the scores stay as they are.
 */
export function recalibrated(y: Float64Array, scores: Float64Array, halves: Uint8Array): Float64Array {
  const x = scores.map(logOdds)
  const sigmoids = ([0, 1] as const).map((half) => {
    const rows = y.map((_, i) => i).filter((i) => halves[i] === half)
    const labels = rows.map((i) => y[i]!)
    if (!labels.includes(0) || !labels.includes(1)) return null
    return plattSigmoid(
      rows.map((i) => x[i]!),
      labels,
      null,
    )
  })
  if (sigmoids.includes(null)) return scores
  return x.map((value, i) => {
    const { slope, intercept } = sigmoids[1 - halves[i]!]!
    return 1 / (1 + Math.exp(-(slope * value + intercept)))
  })
}

function logOdds(p: number): number {
  const kept = Math.min(1 - LEAST, Math.max(LEAST, p))
  return Math.log(kept / (1 - kept))
}
