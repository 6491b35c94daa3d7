import { isRecord, sameFields } from '../legal-feature.ts'

/**
 * How the scores of a model become probabilities that come true as often as they say. One curve for each output, which
 * never falls; with several classes the calibrated values are divided by their sum. Part of an artefact's header, so it
 * is plain JSON.
 */
export type Calibration =
  /** `1 / (1 + exp(-(slope * x + intercept)))`; `x` is the score or its log-odds, see `of`. */
  | {
      readonly kind: 'platt'
      readonly of: 'score' | 'logOdds'
      readonly curves: readonly { readonly slope: number; readonly intercept: number }[]
    }
  /** Straight lines between the points, and constant beyond them. */
  | {
      readonly kind: 'isotonic'
      readonly curves: readonly { readonly x: readonly number[]; readonly y: readonly number[] }[]
    }

const MAX_PLATT = 1e100
/** Log-odds of scores that are 0 or 1. */
const CERTAIN = 36

/** True for a well-formed calibration of `outputs` outputs, whatever came out of a file: its values are probabilities. */
export function isLegalCalibration(value: unknown, outputs: number): value is Calibration {
  if (!(isRecord(value) && Array.isArray(value.curves) && value.curves.length === outputs)) return false
  if (value.kind === 'platt') {
    return (
      sameFields(value, ['curves', 'kind', 'of']) &&
      (value.of === 'score' || value.of === 'logOdds') &&
      value.curves.every(isPlatt)
    )
  }
  return value.kind === 'isotonic' && sameFields(value, ['curves', 'kind']) && value.curves.every(isIsotonic)
}

function isPlatt(curve: unknown): boolean {
  if (!(isRecord(curve) && sameFields(curve, ['intercept', 'slope']))) return false
  const { slope, intercept } = curve
  return isNumber(slope) && slope >= 0 && slope <= MAX_PLATT && isNumber(intercept) && Math.abs(intercept) <= MAX_PLATT
}

function isIsotonic(curve: unknown): boolean {
  if (!(isRecord(curve) && sameFields(curve, ['x', 'y']))) return false
  const { x, y } = curve
  if (!(Array.isArray(x) && Array.isArray(y) && x.length === y.length && x.length > 0)) return false
  return (
    x.every((value, i) => isNumber(value) && value >= 0 && value <= 1 && (i === 0 || value > x[i - 1])) &&
    y.every((value, i) => isNumber(value) && value >= 0 && value <= 1 && (i === 0 || value >= y[i - 1]))
  )
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** Calibrates, in place, the scores of `rows` rows of as many outputs as there are curves. */
export function calibrate(calibration: Calibration, scores: Float64Array, rows: number, at = 0): void {
  const outputs = calibration.curves.length
  for (let row = 0; row < rows; row++) {
    const first = at + row * outputs
    let total = 0
    for (let k = 0; k < outputs; k++) {
      const value = calibrated(calibration, k, scores[first + k]!)
      scores[first + k] = value
      total += value
    }
    if (outputs === 1) continue
    for (let k = 0; k < outputs; k++) scores[first + k] = total > 0 ? scores[first + k]! / total : 1 / outputs
  }
}

function calibrated(calibration: Calibration, output: number, score: number): number {
  if (calibration.kind === 'platt') {
    const { slope, intercept } = calibration.curves[output]!
    const x = calibration.of === 'score' ? score : logOdds(score)
    return 1 / (1 + Math.exp(-(slope * x + intercept)))
  }
  const { x, y } = calibration.curves[output]!
  return interpolate(x, y, score)
}

/** Within -36 and 36, beyond which a probability cannot be told from 0 or 1. */
export function logOdds(p: number): number {
  return Math.min(CERTAIN, Math.max(-CERTAIN, Math.log(p / (1 - p))))
}

/** The value at `at` of the lines between the points (x, y), x ascending; constant beyond the ends. NaN stays. */
export function interpolate(x: readonly number[], y: readonly number[], at: number): number {
  if (Number.isNaN(at)) return at
  const last = x.length - 1
  if (at <= x[0]!) return y[0]!
  if (at >= x[last]!) return y[last]!
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (x[middle]! <= at) low = middle
    else high = middle
  }
  const value = y[low]! + ((at - x[low]!) / (x[high]! - x[low]!)) * (y[high]! - y[low]!)
  return Math.min(Math.max(value, y[low]!), y[high]!)
}
