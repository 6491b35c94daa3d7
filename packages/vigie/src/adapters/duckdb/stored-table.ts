import type { DuckDBConnection } from '@duckdb/node-api'
import { VigieError } from '../../errors.ts'
import type { TableFile } from '../../ports/snapshots.ts'
import { literal } from './sql.ts'

/** A table file whose bytes were verified, with what it holds. */
export interface StoredTable {
  readonly path: string
  /** Column names and their DuckDB types. */
  readonly types: ReadonlyMap<string, string>
}

/** Reads what a verified file holds. Throws `table_corrupt` when it has another number of rows than the catalogue says. */
export async function describeTable(
  connection: DuckDBConnection,
  path: string,
  table: TableFile,
): Promise<StoredTable> {
  const file = literal(path)
  const counted = await (await connection.run(`select num_rows from parquet_file_metadata(${file})`)).getRows()
  const rows = Number(counted[0]?.[0])
  if (rows !== table.rows) {
    throw new VigieError('table_corrupt', `a stored table has ${rows} rows, the catalogue says ${table.rows}`, {
      rule: 'the catalogue knows how many rows a table has',
      value: String(rows),
      file: path,
    })
  }
  const columns = await (await connection.run(`describe select * from read_parquet(${file})`)).getRows()
  return { path, types: new Map(columns.map(([name, type]) => [String(name), String(type)])) }
}

/** Throws `column_missing` or `column_type_changed` unless the table has the column with one of these types. */
export function requireColumn(table: StoredTable, column: string, ...types: readonly string[]): void {
  const stored = table.types.get(column)
  if (stored !== undefined && types.includes(stored)) return
  if (stored === undefined) {
    throw new VigieError('column_missing', `a stored table has no column "${column}"`, {
      rule: 'keys, labels and times are in the tables that are read',
      value: column,
      column,
      file: table.path,
      hint: 'The definition changed after the table was ingested. Ingest the history into a new VIGIE_HOME.',
    })
  }
  throw typeChanged(column, stored, types.join(' or '))
}

export function typeChanged(column: string, stored: string, wanted: string): VigieError {
  return new VigieError('column_type_changed', `"${column}" is stored as ${stored}, not as ${wanted}`, {
    rule: 'a column is read as the type under which it was ingested',
    value: stored,
    column,
  })
}
