import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FeatureColumn } from '../feature-spec.ts'
import type { Expression } from './expression.ts'
import { expressionProblem, MAX_DEPTH, MAX_NODES } from './expression-problem.ts'

const base = { name: 'v.x', view: 'v', feature: 'x', type: 'float', optional: true } as const
const category = { ...base, name: 'v.plan', feature: 'plan', type: 'category', categories: ['a', 'b'] } as const
const isColumn = (value: unknown): value is FeatureColumn =>
  typeof value === 'object' && value !== null && 'name' in value && 'type' in value
const x: Expression = { op: 'column', column: base }
const plan: Expression = { op: 'column', column: category }
const one: Expression = { op: 'constant', value: 1 }

function nested(depth: number): Expression {
  let expression: Expression = x
  for (let i = 1; i < depth; i++) expression = { op: 'abs', of: expression }
  return expression
}

function sumOf(terms: number): Expression {
  if (terms === 1) return x
  const left = Math.floor(terms / 2)
  return { op: 'add', left: sumOf(left), right: sumOf(terms - left) }
}

test.each<[string, unknown]>([
  ['a column', x],
  ['a constant beside a column', { op: 'add', left: one, right: x }],
  ['a comparison', { op: 'isAtMost', left: x, right: one }],
  ['a category beside one of its texts', { op: 'isEqual', of: plan, value: 'b' }],
  ['a number beside a number', { op: 'isEqual', of: x, value: 3 }],
  ['the deepest', nested(MAX_DEPTH)],
  ['the largest', { op: 'abs', of: sumOf(MAX_NODES / 2) }],
])('%s is legal', (_, value) => {
  expect(expressionProblem(value, isColumn)).toBeNull()
})

test.each<[string, unknown, RegExp]>([
  ['a text of code', 'x + 1', /is an object/],
  ['a list', [one], /is an object/],
  ['null', null, /is an object/],
  ['no operation', {}, /not known/],
  ['an unknown operation', { op: 'eval', of: x }, /not known/],
  ['an operation that objects inherit', { op: 'constructor', of: x }, /not known/],
  ['an operation that is a list of one', { op: ['abs'], of: x }, /not known/],
  ['a field too many', { op: 'abs', of: x, code: '1' }, /other fields/],
  ['a field too few', { op: 'add', left: x }, /other fields/],
  ['a column without a description', { op: 'column', column: 'v.x' }, /column is malformed/],
  ['a constant that is infinite', { op: 'constant', value: Number.POSITIVE_INFINITY }, /finite/],
  ['a constant that is a text', { op: 'constant', value: '1' }, /finite/],
  ['a clip that is upside down', { op: 'clip', of: x, low: 2, high: 1 }, /low/],
  ['a bucket without edges', { op: 'bucket', of: x, edges: [] }, /edges/],
  ['edges that do not ascend', { op: 'bucket', of: x, edges: [1, 1] }, /edges/],
  ['edges with a hole', { op: 'bucket', of: x, edges: new Array(3) }, /edges/],
  ['what reads nothing', { op: 'add', left: one, right: one }, /at least one column/],
  ['null for null', { op: 'ifNull', of: x, value: null }, /finite number/],
  ['a category as a number', { op: 'log1p', of: plan }, /only compared/],
  ['a category beside a number', { op: 'isEqual', of: plan, value: 1 }, /only compared/],
  ['a category beside a text that it has not', { op: 'isEqual', of: plan, value: 'c' }, /one of its texts/],
  ['a number beside a text', { op: 'isEqual', of: x, value: 'a' }, /one of its texts/],
  ['one that is too deep', nested(MAX_DEPTH + 1), /nests at most 32/],
  ['one that is too large', sumOf(MAX_NODES / 2 + 1), /at most 1000 parts/],
])('%s is not', (_, value, problem) => {
  expect(expressionProblem(value, isColumn)).toMatch(problem)
})

test('whatever JSON it is given, it answers and does not throw', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void expressionProblem(value, isColumn)))
  const node = fc.record({ op: fc.constantFrom('abs', 'column', 'isEqual', 'clip', 'add'), of: fc.jsonValue() })
  fc.assert(fc.property(node, (value) => void expressionProblem(value, isColumn)))
})
