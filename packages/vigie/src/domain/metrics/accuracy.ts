import { checkScores } from './outcomes.ts'

/** Share of rows that are classified right, where class 1 is a score above the threshold. */
export function accuracy(y: Float64Array, score: Float64Array, threshold: number): number {
  checkScores(y, score)
  let right = 0
  for (let i = 0; i < y.length; i++) if (score[i]! > threshold === (y[i] === 1)) right++
  return right / y.length
}
