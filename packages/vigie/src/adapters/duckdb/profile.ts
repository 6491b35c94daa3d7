import type { DuckDBConnection } from '@duckdb/node-api'
import { LABEL_CHARACTERS, profileFreeTexts, profileLabels } from '../../domain/profile/label-column.ts'
import { type ColumnShape, type NumberColumn, profileNumberColumns } from '../../domain/profile/number-column.ts'
import { scaleUp } from '../../domain/profile/scale-up.ts'
import type { ColumnProfile, TableProfile } from '../../domain/profile/table-profile.ts'
import { type Rows, rowsOf } from './columns.ts'
import { asNumber, profileType, type TypedColumn } from './profile-columns.ts'
import { wholeTable } from './profile-totals.ts'
import { identifier, literal } from './sql.ts'
import type { StoredTable } from './stored-table.ts'

/** Makes the profiles of columns of numbers: 7 ms of sorting each for 100,000 rows, so a server does it in a thread. */
export type ProfileNumbers = (columns: readonly NumberColumn[]) => Promise<readonly ColumnShape[]>

export const profileHere: ProfileNumbers = async (columns) => profileNumberColumns(columns)

/** Rows of a sample, unless the table is so wide that its values would take more memory than `CELLS`. */
const ROWS = 100_000
const CELLS = 2_000_000

/**
 * Reads up to 100,000 rows, evenly spread over the table, and describes each column by them; of a longer table, a second
 * query takes what must be of all rows. On 1 million rows with 14 columns that is a fifth of the work of exact
 * quantiles and counts of distinct values, which nobody can tell from these.
 */
export async function profileTable(
  connection: DuckDBConnection,
  table: StoredTable,
  rows: number,
  profileNumbers: ProfileNumbers,
): Promise<TableProfile> {
  const columns = Array.from(table.types, ([name, type]) => ({ name, type: profileType(type) }))
  const every = Math.max(1, Math.ceil(rows / Math.min(ROWS, Math.ceil(CELLS / columns.length))))
  const sampled = Math.ceil(rows / every)
  const sample = await readSample(connection, table.path, columns, { every, sampled })
  const shapes = await shapesOf(columns, sample, sampled, profileNumbers)
  if (every === 1) return { rows, sampled, columns: named(columns, shapes) }
  const scaled = shapes.map((shape) => scaleUp(shape, rows / sampled))
  return { rows, sampled, columns: await wholeTable(connection, table.path, { rows, sampled }, named(columns, scaled)) }
}

function named(columns: readonly TypedColumn[], shapes: readonly ColumnShape[]): readonly ColumnProfile[] {
  return columns.map((column, i) => ({ ...column, ...shapes[i]! }))
}

type Collected =
  | { readonly values: Float64Array }
  | { readonly counts: Map<string, number>; nulls: number }
  /** Nearly each row has a text of its own. */
  | { readonly given: number; readonly distinct: number }

/** More different texts than this, in more than half of the rows, are keys and free texts: nobody looks for the top ten. */
const MANY_TEXTS = 1000

async function readSample(
  connection: DuckDBConnection,
  path: string,
  columns: readonly TypedColumn[],
  { every, sampled }: { readonly every: number; readonly sampled: number },
): Promise<readonly Collected[]> {
  const from = `read_parquet(${literal(path)}, file_row_number = true) where file_row_number % ${every} = 0`
  const free = sampled > MANY_TEXTS ? await freeTexts(connection, from, columns) : new Map<string, never>()
  const collected = columns.map(
    ({ name, type }): Collected =>
      type === 'text' ? (free.get(name) ?? { counts: new Map(), nulls: 0 }) : { values: new Float64Array(sampled) },
  )
  const read = collected.filter((column) => !('given' in column))
  const selected = columns.flatMap((column) => {
    if (column.type !== 'text') return [`coalesce(${asNumber(column)}, 'nan')`]
    return free.has(column.name) ? [] : [`left(${identifier(column.name)}, ${LABEL_CHARACTERS})`]
  })
  if (selected.length === 0) return collected
  // Into a table first: straight from the file each chunk has room for 2,048 rows and holds the few that were chosen,
  // and of a large table such chunks take more memory than all else.
  const values = selected.map((value, i) => `${value} as c${i}`).join(', ')
  await connection.run(`create or replace temp table profiled as select ${values} from ${from}`)
  let at = 0
  for await (const rows of rowsOf(connection, 'from profiled')) {
    for (const [i, column] of read.entries()) collect(column, rows, i, at)
    at += rows.count
  }
  await connection.run('drop table profiled')
  return collected
}

async function freeTexts(
  connection: DuckDBConnection,
  from: string,
  columns: readonly TypedColumn[],
): Promise<ReadonlyMap<string, { readonly given: number; readonly distinct: number }>> {
  const texts = columns.filter(({ type }) => type === 'text').map(({ name }) => name)
  if (texts.length === 0) return new Map()
  const counts = texts.map((name) => `count(${identifier(name)}), count(distinct ${identifier(name)})`)
  const [row = []] = await (await connection.run(`select ${counts.join(', ')} from ${from}`)).getRows()
  const found = texts.map((name, i) => [name, { given: Number(row[2 * i]), distinct: Number(row[2 * i + 1]) }] as const)
  return new Map(found.filter(([, { given, distinct }]) => distinct > MANY_TEXTS && distinct > given / 2))
}

function collect(column: Collected, rows: Rows, index: number, at: number): void {
  if ('values' in column) {
    column.values.set(rows.floats(index).subarray(0, rows.count), at)
    return
  }
  if ('given' in column) return
  for (const text of rows.texts(index) as readonly (string | null)[]) {
    if (text === null) column.nulls++
    else column.counts.set(text, (column.counts.get(text) ?? 0) + 1)
  }
}

async function shapesOf(
  columns: readonly TypedColumn[],
  sample: readonly Collected[],
  sampled: number,
  profileNumbers: ProfileNumbers,
): Promise<readonly ColumnShape[]> {
  const numbers = columns.flatMap(({ type }, i): NumberColumn[] => {
    const column = sample[i]!
    return 'values' in column && type !== 'boolean' && type !== 'text' ? [{ type, values: column.values }] : []
  })
  const profiled = (await profileNumbers(numbers)).values()
  return sample.map((column, i) => {
    if ('given' in column) return profileFreeTexts(column.given, column.distinct, sampled - column.given)
    if ('counts' in column) return profileLabels(column.counts, column.nulls)
    return columns[i]!.type === 'boolean' ? profileBooleans(column.values) : profiled.next().value!
  })
}

function profileBooleans(values: Float64Array): ColumnShape {
  const counts = { true: 0, false: 0 }
  for (const value of values) {
    if (value === 1) counts.true++
    else if (value === 0) counts.false++
  }
  const there = Object.entries(counts).filter(([, count]) => count > 0)
  return profileLabels(new Map(there), values.length - counts.true - counts.false)
}
