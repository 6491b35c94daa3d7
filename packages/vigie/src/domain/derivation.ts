import { type Compiled, compile } from './expression/compile.ts'
import { columnsOf } from './expression/expression.ts'
import type { FeatureColumn, FeatureSpec } from './feature-spec.ts'

/** How rows of a spec follow from rows of base columns. */
export interface Derivation {
  /** The base columns that stores are asked for: each once, in the order in which the spec first needs it. */
  readonly inputs: FeatureSpec
  /** The row of the spec that follows from a row of the inputs. */
  readonly row: (values: Float64Array) => Float64Array
  /** The same for the rows from `start` to `end` of whole columns, written into `out`, one column for each of the spec. */
  readonly fill: (columns: readonly Float64Array[], out: readonly Float64Array[], start: number, end: number) => void
}

const known = new WeakMap<FeatureSpec, Derivation>()

/** How a spec is derived. Kept by the spec's identity, so that asking for each row costs nothing. */
export function derivation(spec: FeatureSpec): Derivation {
  const found = known.get(spec)
  if (found) return found
  const made = newDerivation(spec)
  known.set(spec, made)
  return made
}

/** The base columns that a spec needs; the spec itself when nothing of it is derived. */
export function inputsOf(spec: FeatureSpec): FeatureSpec {
  return derivation(spec).inputs
}

function newDerivation(spec: FeatureSpec): Derivation {
  if (spec.every(({ expression }) => !expression)) return { inputs: spec, row: (row) => row, fill: copy }
  const inputs = baseColumns(spec)
  const base = spec.map(({ name }) => inputs.findIndex((input) => input.name === name))
  const derived = spec.flatMap(({ expression }, position): readonly Computed[] =>
    expression ? [{ position, value: compile(expression, inputs) }] : [],
  )
  return {
    inputs,
    row: (row) => {
      const out = new Float64Array(base.length)
      for (let c = 0; c < base.length; c++) if (base[c]! >= 0) out[c] = row[base[c]!]!
      for (const { position, value } of derived) out[position] = value(row)
      return out
    },
    fill: (columns, out, start, end) => {
      for (const [c, input] of base.entries()) if (input >= 0) out[c]!.set(columns[input]!.subarray(start, end), start)
      const row = new Float64Array(inputs.length)
      for (let i = start; i < end; i++) {
        for (let c = 0; c < row.length; c++) row[c] = columns[c]![i]!
        for (const { position, value } of derived) out[position]![i] = value(row)
      }
    },
  }
}

/** A derived value and where it stands in the spec. */
interface Computed {
  readonly position: number
  readonly value: Compiled
}

function baseColumns(spec: FeatureSpec): FeatureSpec {
  const byName = new Map<string, FeatureColumn>()
  for (const column of spec) {
    for (const base of column.expression ? columnsOf(column.expression) : [column]) {
      if (!byName.has(base.name)) byName.set(base.name, base)
    }
  }
  return [...byName.values()]
}

function copy(columns: readonly Float64Array[], out: readonly Float64Array[], start: number, end: number): void {
  for (const [c, column] of columns.entries()) out[c]!.set(column.subarray(start, end), start)
}
