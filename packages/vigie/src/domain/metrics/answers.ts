import { VigieError } from '../../errors.ts'
import type { TargetKind } from '../policy.ts'

/** What a model answered on rows of which the truth is known. */
export interface Answers {
  readonly kind: TargetKind
  /** 0 or 1 a row (binary), the index of its class (classes), or the number. */
  readonly y: Float64Array
  /** Row-major: a score of class 1 a row, a probability a class and row, or a number a row. */
  readonly scores: Float64Array
  /** Weight of each row, at least 0; without it every row counts 1. */
  readonly weights?: Float64Array | null
  /** Binary: class 1 is a score above it. 0.5 when it is not given. */
  readonly threshold?: number
}

/** Scores a row. */
export function widthOf({ y, scores }: Answers): number {
  return scores.length / y.length
}

/**
 * Refuses what no metric is defined on: no rows, arrays that do not belong together, a label that cannot be, a score
 * that is not a finite number. `probabilities` asks in addition that every score lies between 0 and 1.
 */
export function checkAnswers(answers: Answers, probabilities: boolean): void {
  const { kind, y, scores, weights } = answers
  const width = widthOf(answers)
  const fits = kind === 'classes' ? Number.isInteger(width) && width >= 2 : width === 1
  if (y.length === 0 || !fits || (weights && weights.length !== y.length)) {
    throw new VigieError('internal', `scores do not fit the rows: ${y.length} labels, ${scores.length} scores`)
  }
  const classes = kind === 'binary' ? 2 : width
  for (let i = 0; i < y.length; i++) {
    const label = y[i]!
    const possible =
      kind === 'number' ? Number.isFinite(label) : label >= 0 && label < classes && Number.isInteger(label)
    if (!possible) throw new VigieError('internal', `label ${label} in row ${i} is none of ${kind}`)
  }
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!
    if (!Number.isFinite(score)) notAScore(score, i / width, 'a score is a finite number')
    if (probabilities && (score < 0 || score > 1)) {
      notAScore(score, i / width, 'a probability lies between 0 and 1')
    }
  }
}

export function notAScore(value: number, row: number, rule: string): never {
  throw new VigieError('model_invalid_output', `the model answered ${value} in row ${Math.floor(row)}`, {
    rule,
    value: String(value),
  })
}

/** Class with the highest probability in one row; the first of equal ones. */
export function likeliest(scores: Float64Array, row: number, classes: number): number {
  let best = 0
  for (let k = 1; k < classes; k++) if (scores[row * classes + k]! > scores[row * classes + best]!) best = k
  return best
}
