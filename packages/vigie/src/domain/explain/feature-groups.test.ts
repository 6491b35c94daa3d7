import { expect, test } from 'vitest'
import type { Expression } from '../expression/expression.ts'
import { type FeatureColumn, previousOf } from '../feature-spec.ts'
import { featureGroups } from './feature-groups.ts'

const base = (feature: string): FeatureColumn => ({
  name: `v.${feature}`,
  view: 'v',
  feature,
  type: 'float',
  optional: true,
})
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(base) as [FeatureColumn, FeatureColumn, FeatureColumn, FeatureColumn]
const computed = (feature: string, of: readonly FeatureColumn[]): FeatureColumn => ({
  ...base(feature),
  name: `derived.${feature}`,
  view: 'derived',
  expression: of
    .map((column): Expression => ({ op: 'column', column }))
    .reduce((left, right): Expression => ({ op: 'ratio', left, right })),
})

test('features without anything in common are in no group', () => {
  expect(featureGroups([a, b, c])).toEqual([])
})

test('what is computed is with what it is computed from, and two that share a base are with each other', () => {
  expect(featureGroups([a, b, computed('ratio', [a, b]), c])).toEqual([[0, 1, 2]])
  expect(featureGroups([computed('one', [a, b]), computed('two', [b, c]), d])).toEqual([[0, 1]])
})

test('groups that a later feature joins become one', () => {
  const one = computed('one', [a, b])
  const two = computed('two', [c, d])
  expect(featureGroups([a, one, c, two, computed('three', [b, d])])).toEqual([[0, 1, 2, 3, 4]])
})

test('a value and what it was before are of one base', () => {
  expect(featureGroups([a, computed('before', [previousOf(a)]), b])).toEqual([[0, 1]])
})
