import { VigieError } from '../../errors.ts'

/** Fewer rows prove little: a wrong column, or a null that goes the other way, may not be among them. */
export const LEAST_RECORDS = 100
/** Greatest difference of an answer; of numbers relative to them. */
export const TOLERANCE = 1e-5

/** How far a model's answers are from those that were recorded. */
export interface AnswersCompared {
  readonly rows: number
  readonly worst: number
  /** From 1. */
  readonly worstRow: number
}

/**
 * Compares answers of a translated model with recorded ones, `width` a row.
 *
 * @throws `records_invalid` for too few rows or another number of them; `model_scores_differ` naming the worst row
 */
export function compareAnswers(ours: Float64Array, expected: Float64Array, width: number): AnswersCompared {
  const rows = ours.length / width
  if (expected.length !== ours.length) {
    throw new VigieError('records_invalid', `${rows} records have ${expected.length / width} expected answers`, {
      rule: 'each record has its expected answer',
      value: `${expected.length / width} of ${rows}`,
    })
  }
  if (rows < LEAST_RECORDS) {
    throw new VigieError('records_invalid', `there are ${rows} records, at least ${LEAST_RECORDS} are needed`, {
      rule: `a model is proven by at least ${LEAST_RECORDS} recorded rows`,
      value: String(rows),
    })
  }
  let worst = 0
  let at = 0
  for (let i = 0; i < ours.length; i++) {
    const difference = Math.abs(ours[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!))
    // What is no number is the worst there is.
    if (difference > worst || Number.isNaN(difference)) {
      worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference
      at = i
    }
  }
  const worstRow = Math.floor(at / width) + 1
  if (!(worst <= TOLERANCE)) {
    throw new VigieError(
      'model_scores_differ',
      `row ${worstRow} is answered with ${ours[at]}, and ${expected[at]} is expected`,
      { rule: `answers differ by at most ${TOLERANCE}`, value: String(worst), row: worstRow, rows },
    )
  }
  return { rows, worst, worstRow }
}
