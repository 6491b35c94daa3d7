import { type Compiled, compile } from './expression/compile.ts'
import { columnsOf } from './expression/expression.ts'
import type { FeatureColumn, FeatureSpec } from './feature-spec.ts'
import type { Frame } from './frame.ts'

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

/** Rows of a spec from rows of its inputs. Returns the frame as it is when nothing of the spec is derived. */
export function deriveColumns(frame: Frame, spec: FeatureSpec): Frame {
  const { inputs, fill } = derivation(spec)
  if (inputs === spec) return frame
  const rows = frame.keys.length
  const columns = spec.map(() => new Float64Array(rows))
  fill(frame.columns, columns, 0, rows)
  return { ...frame, spec, columns }
}

function newDerivation(spec: FeatureSpec): Derivation {
  if (spec.every(({ expression }) => !expression)) return { inputs: spec, row: (values) => values, fill: copy }
  const inputs = baseColumns(spec)
  const compiled = spec.map((column): Compiled => {
    return compile(column.expression ?? { op: 'column', column }, inputs)
  })
  return {
    inputs,
    row: (values) => Float64Array.from(compiled, (value) => value(values)),
    fill: (columns, out, start, end) => {
      const row = new Float64Array(inputs.length)
      for (let i = start; i < end; i++) {
        for (let c = 0; c < row.length; c++) row[c] = columns[c]![i]!
        for (let c = 0; c < compiled.length; c++) out[c]![i] = compiled[c]!(row)
      }
    },
  }
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
