import { type LabelColumn, targetOf } from '../label-column.ts'
import { classNames } from '../model/target.ts'
import { mean } from './moments.ts'

/** How the outcome itself moved between two dates. */
export type TargetDrift =
  /** Two classes: rates of class 1, and their absolute difference. */
  | { readonly referenceRate: number; readonly currentRate: number; readonly difference: number }
  /** Several: the share of each, and half the sum of their absolute differences: the share of rows that are elsewhere. */
  | {
      readonly classes: readonly string[]
      readonly referenceShares: readonly number[]
      readonly currentShares: readonly number[]
      readonly difference: number
    }
  /** Numbers: their means, and the absolute difference. */
  | { readonly referenceMean: number; readonly currentMean: number; readonly difference: number }

export function targetDrift(
  label: Omit<LabelColumn, 'column'>,
  reference: Float64Array,
  current: Float64Array,
): TargetDrift {
  const target = targetOf(label)
  if (target.kind === 'classes') {
    const referenceShares = sharesOf(target.classes.length, reference)
    const currentShares = sharesOf(target.classes.length, current)
    const moved = referenceShares.reduce((sum, share, k) => sum + Math.abs(share - currentShares[k]!), 0)
    return { classes: classNames(target), referenceShares, currentShares, difference: moved / 2 }
  }
  const [before, after] = [meanOf(reference), meanOf(current)]
  const difference = Math.abs(after - before)
  return target.kind === 'binary'
    ? { referenceRate: before, currentRate: after, difference }
    : { referenceMean: before, currentMean: after, difference }
}

function meanOf(label: Float64Array): number {
  return mean(label.filter((value) => Number.isFinite(value)))
}

function sharesOf(classes: number, label: Float64Array): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const y of label) counts[y]! += 1
  return counts.map((count) => count / label.length)
}
