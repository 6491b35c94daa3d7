import { describe, expect, test } from 'vitest'
import { readOnnx } from '../../src/adapters/onnx/read-model.ts'
import { compareAnswers } from '../../src/domain/interchange/compare-answers.ts'
import { featureInputs } from '../../src/domain/interchange/feature-inputs.ts'
import { packTrees } from '../../src/domain/interchange/pack-trees.ts'
import { outputWidth } from '../../src/domain/model/target.ts'
import { checkForest } from '../../src/domain/trees/check-forest.ts'
import { forestColumns } from '../../src/domain/trees/score-forest.ts'
import { SPEC, targetOf } from './model-rows.ts'
import { ask, noPeers } from './peers.ts'

interface Case {
  readonly name: string
  readonly target: 'binary' | 'classes' | 'number'
  readonly model: string
  readonly rows: readonly (readonly (number | null)[])[]
  readonly expected: readonly (readonly number[])[]
}

describe.skipIf(noPeers)('an ONNX file of a converter', () => {
  test('is translated into trees that answer as onnxruntime does', async () => {
    const spec = SPEC.filter(({ type }) => type !== 'category')
    const cases = await ask<readonly Case[]>('onnx_models.py', null, 'models')
    for (const each of cases) {
      const name = `${each.name}, ${each.target}`
      const model = readOnnx(Buffer.from(each.model, 'base64'))
      const forest = packTrees(
        model,
        featureInputs(
          model.inputs,
          spec,
          spec.map((column) => column.name),
        ),
        spec,
      )
      const target = targetOf(each.target)
      for (const _ of checkForest(forest, spec, target));
      const columns = spec.map((_, f) => Float64Array.from(each.rows, (row) => row[f] ?? Number.NaN))
      const scores = forestColumns(forest, columns, each.rows.length)
      const { worst } = compareAnswers(scores, Float64Array.from(each.expected.flat()), outputWidth(target))
      // onnxruntime adds float32.
      expect(worst, name).toBeLessThan(each.target === 'number' ? 1e-5 : 1e-6)
    }
  })
})
