import { checkScores } from './outcomes.ts'

/** 1 when a row is classified right, where class 1 is a score above the threshold; else 0. */
export function rightOfRow(y: number, score: number, threshold: number): 0 | 1 {
  return score > threshold === (y === 1) ? 1 : 0
}

/** Share of rows that are classified right. */
export function accuracy(y: Float64Array, score: Float64Array, threshold: number): number {
  checkScores(y, score)
  let right = 0
  for (let i = 0; i < y.length; i++) right += rightOfRow(y[i]!, score[i]!, threshold)
  return right / y.length
}
