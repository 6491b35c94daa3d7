import type { DuckDBConnection } from '@duckdb/node-api'
import { VigieError } from '../../errors.ts'
import { identifier, literal } from './sql.ts'

const EXAMPLES = 3

interface KeyedTable {
  readonly path: string
  readonly source: string
  readonly key: string
  /** Event-dated: a key may repeat, but not with the same times. */
  readonly times: readonly string[]
}

/** Throws when two rows have the same key, or keys that are the same text in Unicode NFC. */
export async function refuseRepeatedKeys(connection: DuckDBConnection, table: KeyedTable): Promise<void> {
  if (await areSurelyDistinct(connection, table)) return
  const { path, source, key, times } = table
  const column = identifier(key)
  const groups = (by: readonly string[], having: string) => `
    select count(*), min(${column}), max(${column}), count(*) over ()
    from read_parquet(${literal(path)})
    group by ${[`nfc_normalize(${column})`, ...by].join(', ')} having ${having}
    order by min(${column}) <> max(${column}), min(${column}) limit 1`
  const spelt = `min(${column}) <> max(${column})`
  let [row] = await (await connection.run(groups(times.map(identifier), 'count(*) > 1'))).getRows()
  if (!row && times.length > 0) [row] = await (await connection.run(groups([], spelt))).getRows()
  if (!row) return
  const [rows, first, last, keys] = [Number(row[0]), String(row[1]), String(row[2]), Number(row[3])]
  const offending = first === last ? [first] : [first, last]
  const where = { value: first.slice(0, 200), file: `${source}.csv`, column: key, repeatedKeys: keys, keys: offending }
  if (first === last) {
    const together = times.length > 0 ? ` with the same ${times.join(' and ')}` : ''
    throw new VigieError('duplicate_key', `"${first}" stands in ${rows} rows of ${source}.csv${together}`, {
      rule: `${[key, ...times].join(', ')} ${times.length > 0 ? 'together are' : 'is'} unique in ${source}.csv`,
      ...where,
    })
  }
  throw new VigieError('duplicate_after_normalisation', `${source}.csv has "${first}" in two spellings`, {
    rule: `${key} is unique in ${source}.csv after Unicode normalisation (NFC)`,
    ...where,
    spellings: [first, last].map((text) => Array.from(text, (c) => c.codePointAt(0)?.toString(16)).join(' ')),
  })
}

/**
 * True when the keys are ASCII, which is its own NFC, and each differs from the one before: tables are stored in the order
 * of their keys, so equal ones are neighbours. One pass in the order of the file, a third of the time of a grouping and
 * none of its memory.
 */
async function areSurelyDistinct(connection: DuckDBConnection, { path, key, times }: KeyedTable): Promise<boolean> {
  const columns = [key, ...times].map(identifier)
  const before = columns.map((column, i) => `lag(${column}) over () as before_${i}`)
  const isSame = columns.map((column, i) => `${column} is not distinct from before_${i}`).join(' and ')
  const [key0 = ''] = columns
  const result = await connection.run(`
    select count(*) filter (${isSame}) + count(*) filter (${key0} < before_0)
      + count(*) filter (strlen(${key0}) <> length(${key0}))
    from (select ${[...columns, ...before].join(', ')} from read_parquet(${literal(path)}))`)
  const [[doubtful] = []] = await result.getRows()
  return Number(doubtful) === 0
}

/** Throws when a key is not in the table that lists all of them. */
export async function refuseUnlistedKeys(
  connection: DuckDBConnection,
  { path, source, key }: KeyedTable,
  listed: string,
): Promise<void> {
  const column = identifier(key)
  const result = await connection.run(`
    select ${column}, count(*) over ()
    from read_parquet(${literal(path)}) t anti join read_parquet(${literal(listed)}) l using (${column})
    order by 1 limit ${EXAMPLES}`)
  const rows = await result.getRows()
  const total = Number(rows[0]?.[1] ?? 0)
  if (total === 0) return
  const examples = rows.map(([unknown]) => String(unknown))
  const more = total > examples.length ? ` and ${total - examples.length} more` : ''
  throw new VigieError('entity_unknown', `${source}.csv has keys that are not listed: ${examples.join(', ')}${more}`, {
    rule: `each ${key} of ${source}.csv is in the file that lists all`,
    value: examples.join(', ').slice(0, 200),
    file: `${source}.csv`,
    column: key,
    unknownKeys: total,
    keys: examples,
  })
}
