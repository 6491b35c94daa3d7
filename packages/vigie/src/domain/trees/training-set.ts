import { VigieError } from '../../errors.ts'
import type { Target } from '../model/target.ts'
import type { ClassWeight } from '../trainers/class-weight.ts'
import { weightsOfClasses } from '../trainers/row-weights.ts'
import type { Bins } from './bins.ts'

/** Rows to grow on, in memory that threads share. */
export interface TrainingSet {
  readonly bins: Bins
  readonly target: Target
  /** Index of the class a row, 0 or 1 when there are two. Empty when the label is a number. */
  readonly label: Uint8Array
  /** The label a row when it is a number. Empty otherwise. */
  readonly numbers: Float64Array
  /** Weight of a row of each class, by its index; 0 for a class without rows. Empty when the label is a number. */
  readonly weights: readonly number[]
  /** Weight of each row, above 0; null when all are 1. */
  readonly rowWeights: Float64Array | null
}

/** `label` and `weight` are those of a frame. */
export interface LabelledRows {
  readonly target: Target
  readonly label: Float64Array
  readonly classWeight: ClassWeight
  readonly weight?: Float64Array | null
}

/**
 * Adds the labels and the weights. Throws `too_few_rows` unless there are rows of two classes, or of two different
 * numbers, and `out_of_range` for numbers of which leaves and their sums could not be told.
 */
export function trainingSet(bins: Bins, given: LabelledRows): TrainingSet {
  const { target, classWeight } = given
  const rowWeights = given.weight ? new Float64Array(new SharedArrayBuffer(bins.rows * 8)) : null
  rowWeights?.set(given.weight!)
  if (target.kind === 'number') {
    const numbers = new Float64Array(new SharedArrayBuffer(bins.rows * 8))
    numbers.set(given.label)
    checkSizes(numbers)
    if (numbers.every((y) => y === numbers[0])) {
      throw new VigieError('too_few_rows', `the labels of ${bins.rows} rows are all the same`, {
        rule: 'training needs rows with different labels',
        value: String(numbers[0] ?? 'no row'),
      })
    }
    return { bins, target, label: new Uint8Array(0), numbers, weights: [], rowWeights }
  }
  const label = new Uint8Array(new SharedArrayBuffer(bins.rows))
  label.set(given.label)
  const counts = new Array<number>(target.classes.length).fill(0)
  for (const y of label) counts[y]! += 1
  const present = counts.filter((count) => count > 0).length
  if (present < 2) {
    const most = Math.max(0, counts.indexOf(bins.rows))
    throw new VigieError(
      'too_few_rows',
      `of ${bins.rows} rows ${counts[most]} have the label ${target.classes[most]}`,
      {
        rule: target.kind === 'binary' ? 'training needs rows of both classes' : 'training needs rows of two classes',
        value: `${counts[most]} of ${bins.rows}`,
      },
    )
  }
  const weights = weightsOfClasses(counts, target, classWeight)
  return { bins, target, label, numbers: new Float64Array(0), weights, rowWeights }
}

/** Greatest size of a label: steps between such labels stay well within `MAX_STEP`. */
const MAX_LABEL = 1e17

function checkSizes(numbers: Float64Array): void {
  const beyond = numbers.find((y) => !(Math.abs(y) <= MAX_LABEL))
  if (beyond === undefined) return
  throw new VigieError('out_of_range', `a label is ${beyond}`, {
    rule: `trees learn labels between -${MAX_LABEL} and ${MAX_LABEL}`,
    value: String(beyond),
  })
}
