import { rm, stat } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { SourceContract } from '../../domain/contract.ts'
import { VigieError } from '../../errors.ts'
import type { TableFile } from '../../ports/snapshots.ts'
import { single } from './columns.ts'
import { csvSelect, longestLine, sortKey } from './csv-sql.ts'
import { resourceError } from './database.ts'
import { sortedSlices } from './sort-large.ts'
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
  const { path, contract, rows } = csv
  const pending = files.pending()
  const work = `${pending}.sort`
  try {
    const { size } = await stat(path)
    const imported = await copyToParquet(connection, await inOrder(connection, csv, size, work), pending)
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
    await rm(work, { recursive: true, force: true })
  }
}

/** Text that DuckDB sorts in the memory of an import; of wide files more, as they have more memory. */
const atOnceBytes = (lineBytes: number): number => Math.max(256 * 2 ** 20, 8 * lineBytes)
/** Larger files are sorted in slices of this part of it. */
const SLICES = 8

/** A query that gives the rows in the order of the table. `work` is a folder for what does not fit into memory. */
async function inOrder(
  connection: DuckDBConnection,
  { path, header, contract, rows }: CheckedCsv,
  bytes: number,
  work: string,
): Promise<string> {
  const select = csvSelect({ path, bytes }, header, contract)
  const by = sortKey(contract)
  const lineBytes = longestLine(header.length, bytes)
  if (bytes > atOnceBytes(lineBytes)) {
    const sliceBytes = atOnceBytes(lineBytes) / SLICES
    return failing(sortedSlices(connection, { select, by, rows, bytes, sliceBytes }, work))
  }
  return `${select} order by ${by.map(identifier).join(', ')}`
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
  const result = await failing(connection.run(`copy (${select}) to ${literal(path)} (${options})`))
  return result.rowsChanged
}

async function failing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
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
