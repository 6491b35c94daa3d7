import { rm, stat } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { SourceContract } from '../../domain/contract.ts'
import { VigieError } from '../../errors.ts'
import type { TableFile } from '../../ports/snapshots.ts'
import { single } from './columns.ts'
import { csvSelect } from './csv-sql.ts'
import { resourceError } from './database.ts'
import { identifier, literal } from './sql.ts'
import type { TableFiles } from './table-files.ts'

/** A text that was checked: its columns in their order, and how many rows it has. */
export interface CheckedCsv {
  readonly path: string
  readonly header: readonly string[]
  readonly contract: SourceContract
  readonly rows: number
}

/** Turns a checked CSV of `rows` rows into a table file, or leaves nothing. */
export async function importTable(
  connection: DuckDBConnection,
  files: TableFiles,
  csv: CheckedCsv,
): Promise<TableFile> {
  const { path, header, contract, rows } = csv
  const pending = files.pending()
  try {
    const { size } = await stat(path)
    const imported = await copyToParquet(connection, csvSelect({ path, bytes: size }, header, contract), pending)
    if (imported !== rows) {
      throw new VigieError('internal', `${contract.name}.csv: ${imported} rows were imported, ${rows} were checked`, {
        rule: 'the import reads the rows that the check counted',
        value: String(imported),
        file: path,
      })
    }
    const eventRange = await eventRangeOf(connection, pending, contract)
    return { ...(await files.keep(pending, rows)), ...(eventRange ? { eventRange } : {}) }
  } finally {
    await rm(pending, { force: true })
  }
}

async function eventRangeOf(
  connection: DuckDBConnection,
  path: string,
  { eventTime }: SourceContract,
): Promise<readonly [number, number] | null> {
  if (eventTime === null) return null
  const time = identifier(eventTime)
  const range = await single(
    connection,
    `select [epoch_us(min(${time})), epoch_us(max(${time}))] from read_parquet(${literal(path)})`,
  )
  const [first, last] = (range as { items: readonly (bigint | null)[] }).items
  return first == null || last == null ? null : [Number(first), Number(last)]
}

/**
 * Writes the rows of a query and returns how many there were. Equal rows in equal order are equal bytes, with any
 * number of threads: row groups have a fixed size and keep the order of the query.
 */
async function copyToParquet(connection: DuckDBConnection, select: string, path: string): Promise<number> {
  const options = 'format parquet, compression zstd, row_group_size 122880'
  try {
    const result = await connection.run(`copy (${select}) to ${literal(path)} (${options})`)
    return result.rowsChanged
  } catch (cause) {
    const { message } = cause as Error
    throw (
      resourceError(cause) ??
      new VigieError('internal', `a checked file cannot be imported: ${message.slice(0, 200)}`, {
        rule: 'what the check accepted can be imported',
        cause,
      })
    )
  }
}
