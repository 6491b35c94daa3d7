import { expect, test } from 'vitest'
import type { FeatureColumn, FeatureType } from '../feature-spec.ts'
import { compile } from './compile.ts'
import type { Expression } from './expression.ts'
import numpy from './fixtures/expressions.json' with { type: 'json' }

const input = (feature: string, type: FeatureType = 'float', categories?: string[]): FeatureColumn => ({
  name: `v.${feature}`,
  view: 'v',
  feature,
  type,
  optional: true,
  ...(categories ? { categories } : {}),
})
const inputs = [input('x'), input('y'), input('plan', 'category', ['a', 'b'])]
const column = (i: number): Expression => ({ op: 'column', column: inputs[i]! })
const [x, y, plan] = [column(0), column(1), column(2)]

const both = (op: 'add') => ({ op, left: x, right: y })
const one = (op: 'abs') => ({ op, of: x })
const EXPRESSIONS: Readonly<Record<string, Expression>> = {
  clip: { op: 'clip', of: x, low: -0.25, high: 12 },
  bucket: { op: 'bucket', of: x, edges: numpy.edges },
  ifNull: { op: 'ifNull', of: x, value: -1 },
  isEqual: { op: 'isEqual', of: x, value: 12 },
}

test.each(Object.entries(numpy.of))('%s gives what numpy gives, and null where that is not finite', (op, expected) => {
  const isBinary = /^(add|subtract|multiply|ratio|isA.*|isBelow)$/.test(op)
  const value = compile(EXPRESSIONS[op] ?? (isBinary ? both(op as 'add') : one(op as 'abs')), inputs)
  for (const [i, wanted] of expected.entries()) {
    const got = value(Float64Array.of(numpy.x[i] ?? Number.NaN, numpy.y[i] ?? Number.NaN, 0))
    const at = `${op} of ${numpy.x[i]}, ${numpy.y[i]}`
    if (wanted === null) expect(got, at).toBeNaN()
    // Logarithms differ between libraries in the last bit.
    else if (/^log/.test(op)) expect(Math.abs(got - wanted), at).toBeLessThanOrEqual(2 ** -52 * Math.abs(wanted))
    else expect(Object.is(got, wanted), `${at}: ${got}, not ${wanted}`).toBe(true)
  }
})

test('what has no finite result is null where it arises, not at the end', () => {
  const inverse: Expression = {
    op: 'ratio',
    left: { op: 'constant', value: 1 },
    right: { op: 'ratio', left: x, right: y },
  }
  expect(compile(inverse, inputs)(Float64Array.of(1, 0, 0))).toBeNaN()
  expect(compile({ op: 'ifNull', of: inverse, value: 0 }, inputs)(Float64Array.of(1, 0, 0))).toBe(0)
  expect(compile({ op: 'isNull', of: inverse }, inputs)(Float64Array.of(1, 0, 0))).toBe(1)
})

test('a category is compared by its text, under whatever code the inputs hold it', () => {
  const isB: Expression = { op: 'isEqual', of: plan, value: 'b' }
  const row = (code: number) => Float64Array.of(0, 0, code)
  const value = compile(isB, inputs)
  expect([0, 1, Number.NaN].map((code) => value(row(code)))).toEqual([0, 1, Number.NaN])
  const other = compile(isB, [inputs[0]!, inputs[1]!, input('plan', 'category', ['new', 'c', 'b'])])
  expect([0, 1, 2].map((code) => other(row(code)))).toEqual([0, 0, 1])
  const without = compile(isB, [inputs[0]!, inputs[1]!, input('plan', 'category', ['c'])])
  expect(without(row(0))).toBe(0)
})

test('a column that is no input is not compiled', () => {
  expect(() => compile(x, [inputs[1]!])).toThrow(/v.x is no input/)
})
