import type { Target } from '../model/target.ts'
import { outputWidth } from '../model/target.ts'
import { type Calibration, logOdds } from './calibration.ts'
import { isotonicCurve } from './isotonic.ts'
import { plattSigmoid } from './platt.ts'

/**
 * The calibration of scores of rows that the scoring models were not fitted on. Several classes are calibrated one
 * against the rest.
 *
 * @param scores `outputWidth(target)` a row, row by row
 * @param of what Platt's sigmoid is a function of: log-odds where the scores are a logistic or softmax function of sums,
 *   the scores themselves where they are means of leaves and may be exactly 0 or 1
 */
export function fitCalibration(
  method: 'isotonic' | 'platt',
  of: 'score' | 'logOdds',
  scores: Float64Array,
  label: Float64Array,
  weight: Float64Array | null,
  target: Target,
): Calibration {
  const outputs = outputWidth(target)
  const curves = Array.from({ length: outputs }, (_, k) => {
    const x = Float64Array.from(label, (_, row) => scores[row * outputs + k]!)
    const y = target.kind === 'classes' ? label.map((of) => Number(of === k)) : label
    return { x, y }
  })
  if (method === 'platt') {
    const values = curves.flatMap(({ x, y }) => {
      const { slope, intercept } = plattSigmoid(of === 'score' ? x : x.map(logOdds), y, weight)
      // Scores that rank backwards say nothing; the curve must not turn the ranks of the model around.
      return slope >= 0 ? [slope, intercept] : [0, logOdds(meanOf(y, weight))]
    })
    return { shape: { kind: 'platt', of }, values: Float64Array.from(values) }
  }
  const fitted = curves.map(({ x, y }) => isotonicCurve(x, y, weight))
  const values = new Float64Array(2 * fitted.reduce((sum, curve) => sum + curve.x.length, 0))
  let at = 0
  for (const { x, y } of fitted) {
    values.set(x, at)
    values.set(y, at + x.length)
    at += 2 * x.length
  }
  return { shape: { kind: 'isotonic', points: fitted.map(({ x }) => x.length) }, values }
}

function meanOf(y: Float64Array, weight: Float64Array | null): number {
  let sum = 0
  let total = 0
  for (let i = 0; i < y.length; i++) {
    const w = weight === null ? 1 : weight[i]!
    sum += w * y[i]!
    total += w
  }
  return sum / total
}
