import { classNames, type Target } from '../model/target.ts'
import type { ClassWeight } from './class-weight.ts'

/** Weight of a row of each class, by its index; 0 for a class without rows. `counts` are the rows of each class. */
export function weightsOfClasses(counts: readonly number[], target: Target, classWeight: ClassWeight): number[] {
  const rows = counts.reduce((sum, count) => sum + count, 0)
  const present = counts.filter((count) => count > 0).length
  return counts.map((count, k) => {
    if (count === 0) return 0
    if (classWeight === 'none') return 1
    if (classWeight === 'balanced') return rows / (present * count)
    const name = classNames(target)[k]!
    return Object.hasOwn(classWeight, name) ? classWeight[name]! : 1
  })
}

/** What each row counts: the weight of its class times its own. Null: all count the same. */
export function rowWeights(
  label: Float64Array,
  weight: Float64Array | null,
  target: Target,
  classWeight: ClassWeight,
): Float64Array | null {
  if (target.kind === 'number' || classWeight === 'none') return weight
  const counts = new Array<number>(target.classes.length).fill(0)
  for (const y of label) counts[y]! += 1
  const weights = weightsOfClasses(counts, target, classWeight)
  return label.map((y, row) => weights[y]! * (weight === null ? 1 : weight[row]!))
}
