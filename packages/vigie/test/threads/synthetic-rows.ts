import type { Frame } from '../../src/domain/frame.ts'
import { TRUE_OR_FALSE } from '../../src/domain/model/target.ts'
import { seededRandom } from '../../src/domain/random.ts'
import { type RandomForest, randomForest } from '../../src/domain/trainer.ts'
import type { Tasks } from '../../src/ports/compute.ts'

/** Rows of every type of feature, with nulls, and a label that depends on them. */
export function syntheticRows(rows: number, seed: number): Frame & { readonly label: Float64Array } {
  const random = seededRandom(seed)
  const draw = (one: () => number): Float64Array =>
    Float64Array.from({ length: rows }, () => (random.unit() < 0.1 ? Number.NaN : one()))
  const columns = [
    draw(() => random.unit() * 50),
    draw(() => random.below(7)),
    draw(() => random.below(2)),
    draw(() => random.below(3)),
  ]
  const label = Float64Array.from({ length: rows }, (_, i) => {
    const known = columns[0]![i]! > 25 ? 0.4 : 0
    return random.unit() < 0.2 + known + (columns[3]![i] === 1 ? 0.3 : 0) ? 1 : 0
  })
  return {
    spec: [
      { name: 'v.float', view: 'v', feature: 'float', type: 'float', optional: true },
      { name: 'v.int', view: 'v', feature: 'int', type: 'int', optional: true },
      { name: 'v.boolean', view: 'v', feature: 'boolean', type: 'boolean', optional: true },
      {
        name: 'v.category',
        view: 'v',
        feature: 'category',
        type: 'category',
        optional: true,
        categories: ['a', 'b', 'c'],
      },
    ],
    keys: Array.from({ length: rows }, (_, i) => `user-${i}`),
    columns,
    label,
  }
}

/** 60 trees on 400 rows: three chunks. */
export function fitInput(options: Partial<RandomForest> = {}): Tasks['fit']['input'] {
  return {
    trainer: randomForest({ trees: 60, seed: 7, classWeight: 'balanced', ...options }),
    rows: syntheticRows(400, 1),
    threshold: 0.5,
    target: TRUE_OR_FALSE,
    trainingRowsHash: 'ab'.repeat(32),
    definitionHash: '12'.repeat(32),
  }
}
