import { expect, test } from 'vitest'
import type { FeatureSpec } from '../feature-spec.ts'
import type { Target } from '../model/target.ts'
import { binFeatures } from './bins.ts'
import { trainingSet } from './training-set.ts'

const spec: FeatureSpec = [{ name: 'v.x', view: 'v', feature: 'x', type: 'float', optional: false }]
const bins = binFeatures(spec, [Float64Array.of(1, 2, 3, 4)], 4)
const number: Target = { kind: 'number' }
const classes: Target = { kind: 'classes', classes: ['a', 'b', 'c'] }
const withLabels = (target: Target, ...label: number[]) =>
  trainingSet(bins, { target, label: Float64Array.from(label), classWeight: 'balanced' })

test('classes without rows weigh nothing, and the others as if there were only them', () => {
  const { weights, label } = withLabels(classes, 0, 2, 2, 2)
  expect(weights).toEqual([2, 0, 2 / 3])
  expect([...label]).toEqual([0, 2, 2, 2])
})

test('numbers are kept as they are, and nothing weighs them by class', () => {
  const { numbers, weights } = withLabels(number, -1e17, 0.1, 2, 1e17)
  expect([...numbers]).toEqual([-1e17, 0.1, 2, 1e17])
  expect(weights).toEqual([])
})

test.each<[string, Target, number[], string]>([
  ['one class of several', classes, [1, 1, 1, 1], 'too_few_rows'],
  ['one number', number, [3, 3, 3, 3], 'too_few_rows'],
  ['a number that is too large to add up', number, [1, 2, 3, 2e17], 'out_of_range'],
  ['a number that is none', number, [1, 2, 3, Number.NaN], 'out_of_range'],
])('refused: %s', (_, target, label, code) => {
  expect(() => withLabels(target, ...label)).toThrow(expect.objectContaining({ code }))
})
