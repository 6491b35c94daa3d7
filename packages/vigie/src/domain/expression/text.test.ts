import { expect, it } from 'vitest'
import type { FeatureColumn } from '../feature-spec.ts'
import type { Expression } from './expression.ts'
import { expressionText } from './text.ts'

const column = (name: string): Expression<FeatureColumn> => ({
  op: 'column',
  column: { name, view: 'v', feature: name, type: 'float', optional: true },
})
const [a, b] = [column('v.a'), column('v.b')]

it.each<[string, Expression<FeatureColumn>]>([
  ['v.a / v.b', { op: 'ratio', left: a, right: b }],
  [
    '(v.a - v.b) * 2',
    { op: 'multiply', left: { op: 'subtract', left: a, right: b }, right: { op: 'constant', value: 2 } },
  ],
  ['log1p(v.a + v.b)', { op: 'log1p', of: { op: 'add', left: a, right: b } }],
  ['bucket(v.a, [6, 12])', { op: 'bucket', of: a, edges: [6, 12] }],
  ['clip(ifNull(v.a, 0), -1, 1)', { op: 'clip', of: { op: 'ifNull', of: a, value: 0 }, low: -1, high: 1 }],
  ['v.a = "DSL"', { op: 'isEqual', of: a, value: 'DSL' }],
  [
    'isNull(v.a) >= (v.b = 1)',
    { op: 'isAtLeast', left: { op: 'isNull', of: a }, right: { op: 'isEqual', of: b, value: 1 } },
  ],
])('reads as %s', (text, expression) => {
  expect(expressionText(expression)).toBe(text)
})
