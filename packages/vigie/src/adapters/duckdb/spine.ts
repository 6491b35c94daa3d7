import { setImmediate } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { AsOf } from '../../domain/as-of.ts'
import type { Spine } from '../../ports/offline-store.ts'
import { rowsOf } from './columns.ts'
import { identifier, literal } from './sql.ts'
import { requireColumn, type StoredTable } from './stored-table.ts'

/** Rows that DuckDB takes in one chunk. */
const CHUNK_ROWS = 2048
/** Chunks that are built before other work gets its turn: a few milliseconds. */
const CHUNKS_A_TURN = 8

/** The rows that a join is asked for. In the database they are the temporary table `spine(row, day, key)`. */
export interface LoadedSpine {
  readonly keys: readonly string[]
  readonly label: Float64Array | null
  /** Distinct dates; `day` is a position in here. */
  readonly dates: readonly AsOf[]
  /** Number of rows at each date. */
  readonly rowsAt: readonly number[]
}

type TableSpine = Spine & { kind: 'table' }
type RowSpine = Spine & { kind: 'rows' }

/** Every row of a stored table at one date, sorted by key. */
export async function loadTableSpine(
  connection: DuckDBConnection,
  spine: TableSpine,
  table: StoredTable,
): Promise<LoadedSpine> {
  requireColumn(table, spine.key, 'VARCHAR')
  if (spine.label !== undefined) requireColumn(table, spine.label, 'BOOLEAN')
  const key = identifier(spine.key)
  const label = spine.label === undefined ? 'null' : identifier(spine.label)
  await connection.run(`
    create temp table spine as
    select (row_number() over (order by ${key}) - 1)::integer as row, 0 as day, ${key} as key,
      coalesce(${label}::boolean::tinyint::double, 'nan') as label
    from read_parquet(${literal(table.path)})`)
  const keys: string[] = []
  const labels = new Float64Array(spine.table.rows)
  for await (const rows of rowsOf(connection, 'select key, label from spine order by row')) {
    labels.set(rows.floats(1), keys.length)
    keys.push(...rows.texts(0))
  }
  return { keys, label: spine.label === undefined ? null : labels, dates: [spine.at], rowsAt: [keys.length] }
}

/** The given keys at the given dates, in their order. */
export async function loadRowSpine(connection: DuckDBConnection, { keys, at }: RowSpine): Promise<LoadedSpine> {
  const dates: AsOf[] = []
  const rowsAt: number[] = []
  const dayOf = new Map<AsOf, number>()
  const days = at.map((date) => {
    let day = dayOf.get(date)
    if (day === undefined) {
      day = dates.push(date) - 1
      dayOf.set(date, day)
      rowsAt.push(0)
    }
    rowsAt[day]!++
    return day
  })
  await connection.run('create temp table spine (row integer, day integer, key varchar)')
  const { DuckDBDataChunk, INTEGER, VARCHAR } = await import('@duckdb/node-api')
  const appender = await connection.createAppender('spine')
  for (let start = 0; start < keys.length; start += CHUNK_ROWS) {
    const end = Math.min(start + CHUNK_ROWS, keys.length)
    const chunk = DuckDBDataChunk.create([INTEGER, INTEGER, VARCHAR], end - start)
    chunk.setColumnValues(
      0,
      Array.from({ length: end - start }, (_, i) => start + i),
    )
    chunk.setColumnValues(1, days.slice(start, end))
    chunk.setColumnValues(2, keys.slice(start, end))
    appender.appendDataChunk(chunk)
    if ((start / CHUNK_ROWS) % CHUNKS_A_TURN === CHUNKS_A_TURN - 1) await setImmediate()
  }
  appender.closeSync()
  return { keys, label: null, dates, rowsAt }
}
