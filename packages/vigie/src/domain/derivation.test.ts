import fc from 'fast-check'
import { expect, test } from 'vitest'
import { derivation, inputsOf } from './derivation.ts'
import type { BinaryOperation, Expression, UnaryOperation } from './expression/expression.ts'
import { type FeatureColumn, previousOf } from './feature-spec.ts'

const base = (feature: string, rest: Partial<FeatureColumn> = {}): FeatureColumn => ({
  name: `v.${feature}`,
  view: 'v',
  feature,
  type: 'float',
  optional: false,
  ...rest,
})
const derived = (feature: string, expression: Expression): FeatureColumn =>
  base(feature, { name: `derived.${feature}`, view: 'derived', optional: true, expression })
const column = (of: FeatureColumn): Expression => ({ op: 'column', column: of })

const [a, b] = [base('a'), base('b')]
const plan = base('plan', { type: 'category', categories: ['x', 'y'] })
const change = derived('change', { op: 'subtract', left: column(a), right: column(previousOf(a)) })
const share = derived('share', { op: 'ratio', left: column(b), right: column(a) })

test('the inputs of a spec are its base columns, each once, as they are first needed', () => {
  expect(inputsOf([change, plan, a, share]).map(({ name }) => name)).toEqual(['v.a', 'v.a@previous', 'v.plan', 'v.b'])
  expect(inputsOf([change])[1]).toEqual({ ...a, name: 'v.a@previous', optional: true, lag: 1 })
})

test('a spec of which nothing is derived is its own input, and its rows stay as they are', () => {
  const spec = [a, plan]
  expect(inputsOf(spec)).toBe(spec)
  const row = Float64Array.of(1, 2)
  expect(derivation(spec).row(row)).toBe(row)
})

test('base columns go through and derived ones are computed, in the order of the spec', () => {
  const { row } = derivation([share, plan, change, a])
  // b, a, plan, a@previous
  expect(row(Float64Array.of(6, 4, 1, 1))).toEqual(Float64Array.of(1.5, 1, 3, 4))
  expect(row(Float64Array.of(6, 0, Number.NaN, Number.NaN))).toEqual(
    Float64Array.of(Number.NaN, Number.NaN, Number.NaN, 0),
  )
})

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const BINARY: BinaryOperation[] = [
  'add',
  'subtract',
  'multiply',
  'ratio',
  'isAbove',
  'isBelow',
  'isAtLeast',
  'isAtMost',
]
const UNARY: UnaryOperation[] = ['log', 'log1p', 'sqrt', 'abs', 'isNull']
const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const of = tie('expression')
  return {
    expression: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(column(a), column(b), column(previousOf(a))),
      number.map((value): Expression => ({ op: 'constant', value })),
      fc.record({ op: fc.constantFrom(...BINARY), left: of, right: of }),
      fc.record({ op: fc.constantFrom(...UNARY), of }),
      fc.record({ op: fc.constant('ifNull'), of, value: number }) as fc.Arbitrary<Expression>,
      fc.record({ op: fc.constant('isEqual'), of, value: number }) as fc.Arbitrary<Expression>,
      fc
        .tuple(of, number, number)
        .map(([of, p, q]): Expression => ({ op: 'clip', of, low: Math.min(p, q), high: Math.max(p, q) })),
      fc
        .tuple(of, fc.uniqueArray(number, { minLength: 1, maxLength: 5 }))
        .map(([of, edges]): Expression => ({ op: 'bucket', of, edges: edges.sort((p, q) => p - q) })),
    ),
  }
})
const value = fc.oneof({ weight: 5, arbitrary: number }, fc.constantFrom(Number.NaN, 0, -0, 1, -1, 5e-324, 1.7e308))

test('columns and single rows give the same values bit for bit, after a way through JSON too, and none is infinite', () => {
  const rows = fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(fc.array(expression, { minLength: 1, maxLength: 4 }), rows, fc.nat(30), (expressions, table, cut) => {
      const spec = [...expressions.map((tree, i) => derived(`d${i}`, tree)), a, b]
      const { inputs, fill } = derivation(spec)
      const position = (of: FeatureColumn) => [a.name, b.name, previousOf(a).name].indexOf(of.name)
      const columns = inputs.map((input) => Float64Array.from(table, (row) => row[position(input)]!))
      const out = spec.map(() => new Float64Array(table.length))
      const middle = Math.min(cut, table.length)
      fill(columns, out, 0, middle)
      fill(columns, out, middle, table.length)
      const read = derivation(JSON.parse(JSON.stringify(spec)) as FeatureColumn[])
      expect(read.inputs).toEqual(inputs)
      for (let i = 0; i < table.length; i++) {
        const row = read.row(Float64Array.from(columns, (values) => values[i]!))
        for (let c = 0; c < spec.length; c++) {
          expect(Object.is(row[c], out[c]![i])).toBe(true)
          expect(Number.isFinite(row[c]) || Number.isNaN(row[c])).toBe(true)
        }
      }
    }),
    { numRuns: 1000 },
  )
})
