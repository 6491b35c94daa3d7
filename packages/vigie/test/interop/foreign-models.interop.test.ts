import { describe, expect, test } from 'vitest'
import { readLightgbm } from '../../src/adapters/lightgbm/read-model.ts'
import { readXgboost } from '../../src/adapters/xgboost/read-model.ts'
import { featureInputs } from '../../src/domain/interchange/feature-inputs.ts'
import { packTrees } from '../../src/domain/interchange/pack-trees.ts'
import { checkForest } from '../../src/domain/trees/check-forest.ts'
import { forestColumns } from '../../src/domain/trees/score-forest.ts'
import { modelColumns, SPEC, targetOf } from './model-rows.ts'
import { ask, noPeers } from './peers.ts'

interface Case {
  readonly name: string
  readonly target: 'binary' | 'classes' | 'number'
  readonly text: string
  readonly rows: Readonly<Record<string, readonly (number | string | null)[]>>
  readonly expected: readonly number[] | readonly (readonly number[])[]
}

describe.skipIf(noPeers)('a model of another tool', () => {
  test('answers here as it does there, to 1e-6, with nulls, categories and values at thresholds', async () => {
    const cases = await ask<readonly Case[]>('foreign_models.py', null, 'models')
    for (const each of cases) {
      const model = each.name.startsWith('LightGBM') ? readLightgbm(each.text) : readXgboost(each.text)
      const forest = packTrees(model, featureInputs(model.inputs, SPEC), SPEC)
      for (const _ of checkForest(forest, SPEC, targetOf(each.target)));
      const columns = modelColumns(SPEC, each.rows)
      const scores = forestColumns(forest, columns, columns[0]!.length)
      const expected = each.expected.flat()
      const scale = Math.max(1, ...expected.map(Math.abs))
      expect(scores.length, each.name).toBe(expected.length)
      const worst = Math.max(...expected.map((value, i) => Math.abs(value - scores[i]!)))
      expect(worst / scale, each.name).toBeLessThan(1e-6)
    }
  })
})
