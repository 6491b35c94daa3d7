import { isRecord, sameFields } from '../legal-feature.ts'
import { outputWidth, type Target } from '../model/target.ts'
import { interpolate } from './interpolate.ts'

/**
 * How the scores of a model become probabilities that come true as often as they say: one curve for each output, which
 * never falls. With several classes the calibrated values are divided by their sum.
 */
export interface Calibration {
  readonly shape: CalibrationShape
  /** Platt: slope and intercept of each output. Isotonic: of each output the places of its points, then their heights. */
  readonly values: Float64Array
}

/** What the header says of a calibration. */
export type CalibrationShape =
  /** `1 / (1 + exp(-(slope * x + intercept)))`, where `x` is the score or its log-odds. */
  | { readonly kind: 'platt'; readonly of: 'score' | 'logOdds' }
  /** Straight lines between so many points for each output, and constant beyond them. */
  | { readonly kind: 'isotonic'; readonly points: readonly number[] }

const MAX_PLATT = 1e100
const MAX_POINTS = 1 << 24
/** Log-odds of scores that are 0 or 1: beyond it a float64 cannot tell them apart. */
const CERTAIN = 36

/** True for the well-formed shape of a calibration of such a target, whatever came out of a file. */
export function isCalibrationShape(value: unknown, target: Target): value is CalibrationShape {
  if (!isRecord(value) || target.kind === 'number') return false
  const { kind, of, points } = value
  if (kind === 'platt') return sameFields(value, ['kind', 'of']) && (of === 'score' || of === 'logOdds')
  if (!(kind === 'isotonic' && sameFields(value, ['kind', 'points']) && Array.isArray(points))) return false
  return (
    points.length === outputWidth(target) && points.every((n) => Number.isSafeInteger(n) && n >= 1 && n <= MAX_POINTS)
  )
}

export function calibrationShape({ shape }: Calibration): CalibrationShape {
  return shape
}

/** Numbers that follow the header. */
export function calibrationLength(shape: CalibrationShape, target: Target): number {
  if (shape.kind === 'platt') return 2 * outputWidth(target)
  return 2 * shape.points.reduce((sum, points) => sum + points, 0)
}

/** The calibration that is written in `calibrationLength` numbers. A view of them. */
export function calibrationOver(values: Float64Array, shape: CalibrationShape): Calibration {
  return { shape, values }
}

/** The numbers that `calibrationOver` reads. */
export function packCalibration({ values }: Calibration): Float64Array {
  return values
}

/** What is wrong with a calibration of the right length from anywhere, or null: then its values are probabilities. */
export function calibrationProblem({ shape, values }: Calibration): string | null {
  if (shape.kind === 'platt') {
    const wrong = values.findIndex((v, i) => !(Math.abs(v) <= MAX_PLATT && (i % 2 === 1 || v >= 0)))
    return wrong === -1 ? null : `number ${wrong} of the calibration is out of range`
  }
  let at = 0
  for (const points of shape.points) {
    for (let i = at; i < at + points; i++) {
      const x = values[i]!
      const y = values[i + points]!
      if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return 'a point of the calibration is out of range'
      if (i > at && !(x > values[i - 1]! && y >= values[i + points - 1]!)) return 'the calibration falls'
    }
    at += 2 * points
  }
  return null
}

/** Calibrates the scores of one row in place, `outputs` of them from `at`. */
export function calibrate({ shape, values }: Calibration, scores: Float64Array, at = 0, outputs = scores.length): void {
  let total = 0
  let curve = 0
  for (let k = 0; k < outputs; k++) {
    const score = scores[at + k]!
    let value: number
    if (shape.kind === 'platt') {
      const x = shape.of === 'score' ? score : logOdds(score)
      value = 1 / (1 + Math.exp(-(values[2 * k]! * x + values[2 * k + 1]!)))
    } else {
      value = interpolate(values, curve, shape.points[k]!, score)
      curve += 2 * shape.points[k]!
    }
    scores[at + k] = value
    total += value
  }
  if (outputs === 1) return
  for (let k = 0; k < outputs; k++) scores[at + k] = total > 0 ? scores[at + k]! / total : 1 / outputs
}

/** Within -36 and 36, for scores that are 0 or 1. */
export function logOdds(p: number): number {
  return Math.min(CERTAIN, Math.max(-CERTAIN, Math.log(p / (1 - p))))
}
