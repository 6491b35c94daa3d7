import { derivation } from './derivation.ts'
import type { FeatureColumn, FeatureSpec } from './feature-spec.ts'
import type { Frame } from './frame.ts'

/** How the inputs of a model are read under a definition that changed since it was trained. */
export interface FeatureReading {
  /** The base columns to ask the stores for, as the definition has them. */
  readonly inputs: FeatureSpec
  /** What is read, in the order of the model: the definition's columns, and what the model itself derives from them. */
  readonly columns: FeatureSpec
  /** A row of `columns` from a row of `inputs`. */
  readonly row: (values: Float64Array) => Float64Array
  /** What the model knows a row of `columns` as. A category that it does not know is null to it. */
  readonly translate: (row: Float64Array) => Float64Array
  /** What the model knows rows of `inputs` as: rows of its own base columns, from which it derives the others. */
  readonly translateInputs: (frame: Frame) => Frame
}

/** Names of the base columns of a model that the definition no longer has, or has as another type. */
export interface Lacking {
  readonly lacking: readonly string[]
}

/** The model's code of each of the definition's categories, NaN for a new one; null where they are the same. */
type Codes = readonly number[] | null

/**
 * Reads a model's inputs from the base columns that the definition has under their names. Whole numbers and others stand
 * for each other, and categories are told by their texts, so a definition may get new features and new categories while
 * an older model goes on. What the model derives it derives by its own expressions, whatever the definition now derives
 * under their names. Which values may be null is the definition's to say.
 */
export function featureReading(model: FeatureSpec, defined: FeatureSpec): FeatureReading | Lacking {
  const { inputs: wanted, row: derive } = derivation(model)
  const byName = new Map(defined.map((column) => [column.name, column]))
  const found = wanted.map((column) => byName.get(column.name))
  const lacking = wanted.filter((column, i) => !(found[i] && sameKind(found[i], column))).map(({ name }) => name)
  if (lacking.length > 0) return { lacking }
  const inputs = found as FeatureColumn[]
  const inputCodes = wanted.map((column, i) => codeOf(column, inputs[i]!))
  const positions = model.map(({ name }) => wanted.findIndex((column) => column.name === name))
  const codes = positions.map((position): Codes => inputCodes[position] ?? null)
  const toInputs = translator(inputCodes)
  return {
    inputs,
    columns: model.map((column, i) => inputs[positions[i]!] ?? column),
    row: (values) => {
      const own = toInputs(values)
      return own === values ? derive(values) : derive(own).map((value, i) => values[positions[i]!] ?? value)
    },
    translate: translator(codes),
    translateInputs: (frame) => ({
      ...frame,
      spec: wanted,
      columns: frame.columns.map((column, i) => translated(column, inputCodes[i] ?? null)),
    }),
  }
}

function sameKind(a: FeatureColumn, b: FeatureColumn): boolean {
  const isNumber = ({ type }: FeatureColumn) => type === 'int' || type === 'float'
  return a.type === b.type || (isNumber(a) && isNumber(b))
}

function codeOf({ categories: known }: FeatureColumn, { categories }: FeatureColumn): Codes {
  if (!known || !categories || known.join('\0') === categories.join('\0')) return null
  const position = new Map(known.map((text, code) => [text, code]))
  return categories.map((text) => position.get(text) ?? Number.NaN)
}

function translator(codes: readonly Codes[]): (row: Float64Array) => Float64Array {
  if (codes.every((known) => known === null)) return (row) => row
  return (row) => row.map((value, i) => (codes[i] ? (codes[i][value] ?? Number.NaN) : value))
}

function translated(values: Float64Array, codes: Codes): Float64Array {
  return codes ? values.map((code) => codes[code] ?? Number.NaN) : values
}
