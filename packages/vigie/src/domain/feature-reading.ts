import type { FeatureColumn, FeatureSpec } from './feature-spec.ts'

/** How the inputs of a model are read under a definition that changed since it was trained. */
export interface FeatureReading {
  /** What to read instead of the model's own columns, in its order. */
  readonly columns: FeatureSpec
  /** What the model knows such a row as. A category that it does not know is null to it. */
  readonly translate: (row: Float64Array) => Float64Array
  /** The same for one whole column, by its position. */
  readonly translateColumn: (position: number, values: Float64Array) => Float64Array
}

/** Names of the model's inputs that the definition no longer has, or has as another type. */
export interface Lacking {
  readonly lacking: readonly string[]
}

/**
 * Reads a model's inputs from what the definition has under their names. Whole numbers and others stand for each other,
 * and categories are told by their texts, so a definition may get new features and new categories while an older
 * model goes on. Which values may be null is the definition's to say.
 */
export function featureReading(model: FeatureSpec, defined: FeatureSpec): FeatureReading | Lacking {
  const byName = new Map(defined.map((column) => [column.name, column]))
  const columns: FeatureColumn[] = []
  const lacking: string[] = []
  for (const wanted of model) {
    const found = byName.get(wanted.name)
    if (found && sameKind(found, wanted)) columns.push(found)
    else lacking.push(wanted.name)
  }
  if (lacking.length > 0) return { lacking }
  const codes = model.map((wanted, i) => codeOf(wanted, columns[i]!))
  const translateColumn = (position: number, values: Float64Array) => {
    const known = codes[position]
    return known ? values.map((code) => known[code] ?? Number.NaN) : values
  }
  const translate = codes.every((known) => known === null)
    ? (row: Float64Array) => row
    : (row: Float64Array) => row.map((value, i) => (codes[i] ? (codes[i][value] ?? Number.NaN) : value))
  return { columns, translate, translateColumn }
}

function sameKind(a: FeatureColumn, b: FeatureColumn): boolean {
  const isNumber = ({ type }: FeatureColumn) => type === 'int' || type === 'float'
  return a.type === b.type || (isNumber(a) && isNumber(b))
}

/** The model's code of each of the definition's categories, NaN for a new one; null where they are the same. */
function codeOf({ categories: known }: FeatureColumn, { categories }: FeatureColumn): readonly number[] | null {
  if (!known || !categories || known.join('\0') === categories.join('\0')) return null
  const position = new Map(known.map((text, code) => [text, code]))
  return categories.map((text) => position.get(text) ?? Number.NaN)
}
