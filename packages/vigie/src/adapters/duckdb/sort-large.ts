import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { identifier, literal } from './sql.ts'

/** Of every so many rows of a sorted slice one key tells how keys are spread. */
const SAMPLED = 256
/** Rows of a row group of a slice: what a range of keys reads too much of, at both its ends. */
const ROW_GROUP = 8192

interface LargeQuery {
  /** Rows in any order, read once. */
  readonly select: string
  /** Columns by which they are sorted; the first is never null. */
  readonly by: readonly string[]
  readonly rows: number
  /** Bytes of the text from which they come. */
  readonly bytes: number
  /** Of which so many are sorted at once: in memory they take two to three times as much. */
  readonly sliceBytes: number
}

/**
 * Makes a query that gives the rows in order, in memory that does not depend on how many there are. DuckDB's own sort
 * spills, but merges all of its runs at once: in 152 MB it gave up over 4 GB.
 *
 * The rows are written in slices, each slice is sorted, and ranges of keys are sorted once more: a range finds its rows in
 * a few row groups of each slice, by their statistics. The ranges, one after the other, are the whole. The query gives the
 * same chunks of rows as one sort would, so that what is written of it is the same. All of it is in `folder`, which must
 * not exist and is the caller's to remove.
 */
export async function sortedSlices(
  connection: DuckDBConnection,
  { select, by, rows, bytes, sliceBytes }: LargeQuery,
  folder: string,
): Promise<string> {
  const sliceRows = Math.max(2048, Math.floor((rows * sliceBytes) / bytes))
  const order = by.map(identifier).join(', ')
  const write = (query: string, file: string, options: string) =>
    connection.run(`copy (${query}) to ${literal(file)} (format parquet, compression lz4_raw, ${options})`)
  const [unsorted, sorted, ranges] = ['unsorted', 'sorted', 'ranges'].map((name) => join(folder, name))
  await mkdir(sorted!, { recursive: true })
  await mkdir(ranges!)
  await write(select, unsorted!, `row_group_size ${ROW_GROUP}, row_groups_per_file ${Math.ceil(sliceRows / ROW_GROUP)}`)
  for (const name of await readdir(unsorted!)) {
    const slice = join(unsorted!, name)
    const query = `select * from read_parquet(${literal(slice)}) order by ${order}`
    await write(query, join(sorted!, name), `row_group_size ${ROW_GROUP}`)
    await rm(slice)
  }
  const all = `read_parquet(${literal(join(sorted!, '*.parquet'))})`
  const bounds = await boundsOf(connection, { sorted: sorted!, key: by[0]!, count: Math.ceil(rows / sliceRows) })
  let rest: string | null = null
  for (const [i, [low, high]] of bounds.entries()) {
    const key = identifier(by[0]!)
    const within = [low === null ? [] : `${key} >= ${literal(low)}`, high === null ? [] : `${key} < ${literal(high)}`]
    const range = `select * from ${all} where ${within.flat().join(' and ') || 'true'}`
    const before: string = rest === null ? '' : `select * from read_parquet(${literal(rest)}) union all `
    await connection.run(`create or replace temp table sorted_range as ${before}${range} order by ${order}`)
    const count = Number((await (await connection.run('select count(*) from sorted_range')).getRows())[0]![0])
    // Whole row groups, so that where a range ends is not to be seen in the table: the same rows are the same bytes.
    const whole = high === null ? count : count - (count % ROW_GROUP)
    const name = String(i).padStart(8, '0')
    const options = `row_group_size ${ROW_GROUP}`
    await write(`select * from sorted_range limit ${whole}`, join(ranges!, `${name}.parquet`), options)
    if (rest !== null) await rm(rest)
    rest = join(folder, `${name}.rest.parquet`)
    await write(`select * from sorted_range offset ${whole}`, rest, options)
  }
  await connection.run('drop table sorted_range')
  await rm(sorted!, { recursive: true })
  const files = (await readdir(ranges!)).sort().map((name) => literal(join(ranges!, name)))
  return `select * from read_parquet([${files.join(', ')}])`
}

/** Ranges of keys with about as many rows each: from (null: the first) to (null: the last). Equal keys are in one range. */
async function boundsOf(
  connection: DuckDBConnection,
  { sorted, key, count }: { readonly sorted: string; readonly key: string; readonly count: number },
): Promise<readonly (readonly [string | null, string | null])[]> {
  await connection.run(`create or replace temp table sampled as
    select ${identifier(key)} as key from read_parquet(${literal(join(sorted, '*.parquet'))}, file_row_number = true)
    where file_row_number % ${SAMPLED} = 0 order by 1`)
  const of = Number((await (await connection.run('select count(*) from sampled')).getRows())[0]![0])
  const places = Array.from({ length: count - 1 }, (_, i) => Math.floor(((i + 1) * of) / count))
  // Only the cuts leave the database: of a large file the samples are hundreds of thousands.
  const result = await connection.run(`select key from sampled where rowid in (${['-1', ...places].join(', ')})`)
  const cuts = (await result.getRows()).map(([text]) => String(text))
  await connection.run('drop table sampled')
  const edges = [null, ...new Set(cuts.sort(byBytes)), null]
  return edges.slice(1).map((high, i) => [edges[i] as string | null, high] as const)
}

/** The order of DuckDB: bytes of UTF-8, which is that of code points. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
