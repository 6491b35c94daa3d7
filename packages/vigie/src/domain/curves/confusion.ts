import { type Answers, likeliest, widthOf } from '../metrics/answers.ts'

/** Rows by their class (first index) and by the class that the model holds for likeliest (second). */
export type Confusion = readonly (readonly number[])[]

export function confusion(answers: Answers): Confusion {
  const classes = widthOf(answers)
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let row = 0; row < answers.y.length; row++) {
    counts[answers.y[row]!]![likeliest(answers.scores, row, classes)]!++
  }
  return counts
}
