import { entityCount } from './entities.ts'
import type { Target } from './model/target.ts'
import type { Sample } from './promotion/evidence.ts'

/** What rows are, known without a score: how many of each class, how many entities, and how uneven these are. */
export function countSample(
  target: Target,
  y: Float64Array,
  entities: Int32Array,
): Required<Omit<Sample, 'maturedShare'>> {
  const rowsOf = new Int32Array(entityCount(entities))
  for (const entity of entities) rowsOf[entity]!++
  const classes = new Float64Array(target.kind === 'number' ? 0 : target.classes.length)
  if (target.kind !== 'number') for (const label of y) classes[label]!++
  return {
    kind: target.kind,
    rows: y.length,
    positives: target.kind === 'binary' ? classes[1]! : null,
    negatives: target.kind === 'binary' ? classes[0]! : null,
    rarest: target.kind === 'classes' ? Math.min(...classes) : null,
    entities: rowsOf.length,
    largestShare: y.length === 0 ? 0 : rowsOf.reduce((a, b) => Math.max(a, b), 0) / y.length,
  }
}
