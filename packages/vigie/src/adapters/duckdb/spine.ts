import { setImmediate } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { AsOf } from '../../domain/as-of.ts'
import type { SpineCuts } from '../../domain/join-plan.ts'
import { lastMicrosOf } from '../../domain/point-in-time.ts'
import { VigieError } from '../../errors.ts'
import type { Spine } from '../../ports/offline-store.ts'
import { rowsOf, setNumbers } from './columns.ts'
import { labelExpression, refuseUnlistedLabels } from './feature-columns.ts'
import { identifier, literal } from './sql.ts'
import { requireColumn, type StoredTable } from './stored-table.ts'

/** Rows that DuckDB takes in one chunk. */
const CHUNK_ROWS = 2048
/** Chunks that are built before other work gets its turn: a few milliseconds. */
const CHUNKS_A_TURN = 8

/** The rows that a join is asked for. In the database they are the temporary table `spine(row, cut, key)`. */
export interface LoadedSpine {
  readonly keys: readonly string[]
  readonly label: Float64Array | null
  /** Event cut of each row: UTC microseconds since 1970. */
  readonly cuts: Float64Array
  readonly moments: SpineCuts
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
  const key = identifier(spine.key)
  const label = spine.label === undefined ? `'nan'::double` : labelExpression(spine.label, table)
  const cut = lastMicrosOf(spine.at)
  await connection.run(`
    create temp table spine as
    select (row_number() over (order by ${key}) - 1)::integer as row, ${cut}::double as cut, ${key} as key,
      ${label} as label
    from read_parquet(${literal(table.path)}) t`)
  const keys: string[] = []
  const labels = new Float64Array(spine.table.rows)
  for await (const rows of rowsOf(connection, 'select key, label from spine order by row')) {
    const values = rows.floats(1)
    if (spine.label?.type === 'category') refuseUnlistedLabels(spine.label, values)
    labels.set(values, keys.length)
    keys.push(...rows.texts(0))
  }
  return {
    keys,
    label: spine.label === undefined ? null : labels,
    cuts: new Float64Array(keys.length).fill(cut),
    moments: { cuts: Float64Array.of(cut), rowsAt: Int32Array.of(keys.length), knownAfterUs: 1 },
  }
}

/** The given keys at the given times, in their order. */
export async function loadRowSpine(connection: DuckDBConnection, { keys, at }: RowSpine): Promise<LoadedSpine> {
  const { cuts, moments } = at instanceof Float64Array ? instants(at) : dates(at)
  await connection.run('create temp table spine (row integer, cut double, key varchar)')
  const { DuckDBDataChunk, DOUBLE, INTEGER, VARCHAR } = await import('@duckdb/node-api')
  const appender = await connection.createAppender('spine')
  const numbers = Int32Array.from({ length: CHUNK_ROWS }, (_, i) => i)
  for (let start = 0; start < keys.length; start += CHUNK_ROWS) {
    const end = Math.min(start + CHUNK_ROWS, keys.length)
    const chunk = DuckDBDataChunk.create([INTEGER, DOUBLE, VARCHAR], end - start)
    setNumbers(
      chunk,
      0,
      numbers.subarray(0, end - start).map((i) => start + i),
    )
    setNumbers(chunk, 1, cuts.subarray(start, end))
    chunk.setColumnValues(2, keys.slice(start, end))
    appender.appendDataChunk(chunk)
    if ((start / CHUNK_ROWS) % CHUNKS_A_TURN === CHUNKS_A_TURN - 1) await setImmediate()
  }
  appender.closeSync()
  return { keys, label: null, cuts, moments }
}

function instants(at: Float64Array): Pick<LoadedSpine, 'cuts' | 'moments'> {
  const wrong = at.find((micros) => !Number.isSafeInteger(micros))
  if (wrong !== undefined) {
    throw new VigieError('internal', `${wrong} is no instant`, {
      rule: 'instants are whole microseconds since 1970, exact until 2255',
      value: String(wrong),
    })
  }
  return { cuts: at, moments: { cuts: at, rowsAt: null, knownAfterUs: 0 } }
}

function dates(at: readonly AsOf[]): Pick<LoadedSpine, 'cuts' | 'moments'> {
  const cuts = new Float64Array(at.length)
  const dayOf = new Map<AsOf, number>()
  const distinct: number[] = []
  const rowsAt: number[] = []
  for (const [row, date] of at.entries()) {
    let day = dayOf.get(date)
    if (day === undefined) {
      day = distinct.push(lastMicrosOf(date)) - 1
      dayOf.set(date, day)
      rowsAt.push(0)
    }
    rowsAt[day]!++
    cuts[row] = distinct[day]!
  }
  return {
    cuts,
    moments: { cuts: Float64Array.from(distinct), rowsAt: Int32Array.from(rowsAt), knownAfterUs: 1 },
  }
}
