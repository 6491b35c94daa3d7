import type { FeatureColumn, FeatureSpec } from '../feature-spec.ts'
import { recordsInvalid, type TextTable } from './text-table.ts'

/** What a cell of recorded rows may be: a text of a CSV, or a value of JSON. */
export type Recorded = string | number | boolean | null

/** Recorded rows by column. */
export interface RecordedTable {
  readonly names: readonly string[]
  readonly columns: readonly (readonly Recorded[])[]
  readonly rows: number
}

/** Rows of a JSON document: a list of objects, all with the same names. Throws `records_invalid`. */
export function recordedObjects(value: unknown, file: string): RecordedTable {
  if (!Array.isArray(value) || value.length === 0)
    throw recordsInvalid('records are a list of rows', typeof value, file)
  const names = Object.keys(value[0] ?? {})
  const columns = names.map((name) =>
    value.map((row: Readonly<Record<string, unknown>>, i): Recorded => {
      const cell = typeof row === 'object' && row !== null && Object.hasOwn(row, name) ? row[name] : null
      if (cell !== null && !['string', 'number', 'boolean'].includes(typeof cell)) {
        throw recordsInvalid('values are texts, numbers, booleans or null', `${name} of row ${i + 1}`, file)
      }
      return cell as Recorded
    }),
  )
  return { names, columns, rows: value.length }
}

/**
 * Recorded rows as columns of the features, as `vigie dataset --out` writes them: by their full names, or short ones that
 * only one feature has; null is empty. Other columns are left alone. Throws `records_invalid`.
 */
export function recordedColumns(
  table: RecordedTable | TextTable,
  features: FeatureSpec,
  file: string,
): readonly Float64Array[] {
  return features.map((column) => {
    const isOnly = features.filter(({ feature }) => feature === column.feature).length === 1
    let at = table.names.indexOf(column.name)
    if (at < 0 && isOnly) at = table.names.indexOf(column.feature)
    if (at < 0)
      throw recordsInvalid('records have a column for each feature of the model', `${column.name} is missing`, file)
    return Float64Array.from(table.columns[at]!, (cell, i) => {
      const value = recordedValue(cell, column)
      if (value !== undefined) return value
      throw recordsInvalid(`${column.name} is ${column.type}`, `row ${i + 1} has ${String(cell)}`, file)
    })
  })
}

/** Undefined for what the feature cannot be. */
function recordedValue(cell: Recorded, { type, categories = [] }: FeatureColumn): number | undefined {
  if (cell === null || cell === '' || cell === 'NaN' || cell === 'nan') return Number.NaN
  if (type === 'category') {
    // A text that a spreadsheet would take for a formula was written with a quote before it.
    const code = categories.indexOf(String(cell))
    const found = code < 0 && typeof cell === 'string' ? categories.indexOf(cell.replace(/^'/, '')) : code
    return found < 0 ? undefined : found
  }
  if (type === 'boolean') return BOOLEANS.get(String(cell).toLowerCase())
  const value = typeof cell === 'string' && cell.trim() === '' ? Number.NaN : Number(cell)
  return Number.isFinite(value) && typeof cell !== 'boolean' ? value : undefined
}

const BOOLEANS = new Map([
  ['true', 1],
  ['false', 0],
  ['1', 1],
  ['0', 0],
  ['1.0', 1],
  ['0.0', 0],
])
