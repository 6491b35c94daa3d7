import type { FeatureSpec } from '../feature-spec.ts'
import type { BinaryOperation, Expression, UnaryOperation } from './expression.ts'

/** Computes one value from one row: float64 in the order of the inputs, NaN for null. */
export type Compiled = (row: Float64Array) => number

/**
 * An expression as a function of rows of `inputs`, which hold all of its columns. Whole columns and single rows go
 * through this one function, so that a value is the same bit for bit wherever it is computed.
 */
export function compile(expression: Expression, inputs: FeatureSpec): Compiled {
  const { op } = expression
  switch (op) {
    case 'column': {
      const position = inputs.findIndex(({ name }) => name === expression.column.name)
      if (position < 0) throw new TypeError(`${expression.column.name} is no input`)
      return (row) => row[position]!
    }
    case 'constant': {
      const { value } = expression
      return () => value
    }
    case 'clip': {
      const { low, high } = expression
      return map(expression.of, inputs, (x) => (x < low ? low : x > high ? high : x))
    }
    case 'bucket': {
      const edges = Float64Array.from(expression.edges)
      return map(expression.of, inputs, (x) => edgesUpTo(edges, x))
    }
    case 'ifNull': {
      const { value } = expression
      const of = compile(expression.of, inputs)
      return (row) => {
        const x = of(row)
        return Number.isNaN(x) ? value : x
      }
    }
    case 'isEqual': {
      const value = typeof expression.value === 'number' ? expression.value : codeOf(expression, inputs)
      return map(expression.of, inputs, (x) => (x === value ? 1 : 0))
    }
    default:
      return 'of' in expression
        ? unary(expression.op, compile(expression.of, inputs))
        : binary(expression.op, compile(expression.left, inputs), compile(expression.right, inputs))
  }
}

function unary(op: UnaryOperation, of: Compiled): Compiled {
  switch (op) {
    case 'log':
      return (row) => finite(Math.log(of(row)))
    case 'log1p':
      return (row) => finite(Math.log1p(of(row)))
    case 'sqrt':
      return (row) => finite(Math.sqrt(of(row)))
    case 'abs':
      return (row) => Math.abs(of(row))
    case 'isNull':
      return (row) => (Number.isNaN(of(row)) ? 1 : 0)
  }
}

function binary(op: BinaryOperation, left: Compiled, right: Compiled): Compiled {
  switch (op) {
    case 'add':
      return (row) => finite(left(row) + right(row))
    case 'subtract':
      return (row) => finite(left(row) - right(row))
    case 'multiply':
      return (row) => finite(left(row) * right(row))
    case 'ratio':
      return (row) => finite(left(row) / right(row))
    case 'isAbove':
      return compared(left, right, (a, b) => a > b)
    case 'isBelow':
      return compared(left, right, (a, b) => a < b)
    case 'isAtLeast':
      return compared(left, right, (a, b) => a >= b)
    case 'isAtMost':
      return compared(left, right, (a, b) => a <= b)
  }
}

function map(of: Expression, inputs: FeatureSpec, to: (x: number) => number): Compiled {
  const inner = compile(of, inputs)
  return (row) => {
    const x = inner(row)
    return Number.isNaN(x) ? x : to(x)
  }
}

function compared(left: Compiled, right: Compiled, holds: (a: number, b: number) => boolean): Compiled {
  return (row) => {
    const a = left(row)
    const b = right(row)
    return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : holds(a, b) ? 1 : 0
  }
}

function finite(x: number): number {
  return Number.isFinite(x) ? x : Number.NaN
}

function edgesUpTo(edges: Float64Array, x: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[middle]! <= x) low = middle + 1
    else high = middle
  }
  return low
}

/** The code under which the inputs hold a category; one that they do not list equals no value. */
function codeOf({ of, value }: Expression & { readonly op: 'isEqual' }, inputs: FeatureSpec): number {
  if (of.op !== 'column') return -1
  const column = inputs.find(({ name }) => name === of.column.name)
  return column?.categories?.indexOf(String(value)) ?? -1
}
