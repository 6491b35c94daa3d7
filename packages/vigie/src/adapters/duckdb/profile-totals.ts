import type { DuckDBConnection } from '@duckdb/node-api'
import { told } from '../../domain/profile/number-column.ts'
import type { ColumnProfile } from '../../domain/profile/table-profile.ts'
import { asNumber } from './profile-columns.ts'
import { identifier, literal } from './sql.ts'

/** A column whose sample has more different values than this share of its rows is counted in full. */
const MANY = 0.1

/**
 * Corrects profiles that were made from a sample by what is cheap to take from all rows: nulls, minimum, maximum, mean,
 * standard deviation, and an estimate (HyperLogLog, some 10 % off) of the distinct values where a sample misses most.
 */
export async function wholeTable(
  connection: DuckDBConnection,
  path: string,
  { rows, sampled }: { readonly rows: number; readonly sampled: number },
  columns: readonly ColumnProfile[],
): Promise<readonly ColumnProfile[]> {
  const isVaried = ({ distinct }: ColumnProfile) => distinct > MANY * sampled
  // Counts and extremes stand in the file's own statistics, so long as nothing else is asked with them.
  const ends = await results(connection, path, columns.flatMap(countAndExtremes))
  const sums = await results(
    connection,
    path,
    columns.flatMap((column) => [...distinctOf(column, isVaried(column)), ...sumsOf(column)]),
  )
  return columns.map((column) => {
    const given = ends()
    const distinct = isVaried(column) ? Math.max(column.distinct, Math.min(given, sums())) : column.distinct
    const { numbers } = column
    if (numbers === null) return { ...column, nulls: rows - given, distinct }
    const [min, max, sum, squares] = [ends(), ends(), sums(), sums()]
    const quantiles = [min, ...numbers.quantiles.slice(1, -1), max]
    return {
      ...column,
      nulls: rows - given,
      distinct,
      numbers: { min, max, ...moments(numbers.mean, sum, squares, given), quantiles },
    }
  })
}

/** The values of one row of numbers, one after the other. */
async function results(connection: DuckDBConnection, path: string, wanted: readonly string[]): Promise<() => number> {
  if (wanted.length === 0) return () => Number.NaN
  const result = await connection.run(`select ${wanted.join(', ')} from read_parquet(${literal(path)})`)
  const found = ((await result.getRows())[0] ?? []).values()
  return () => Number(found.next().value)
}

function countAndExtremes(column: ColumnProfile): readonly string[] {
  const name = identifier(column.name)
  const ends = column.numbers === null ? [] : ['min', 'max'].map((end) => asNumber(column, `${end}(${name})`))
  return [`count(${name})`, ...ends]
}

function distinctOf({ name }: ColumnProfile, isVaried: boolean): readonly string[] {
  return isVaried ? [`approx_count_distinct(${identifier(name)})`] : []
}

/**
 * Sums of distances from a value in the middle lose nothing to cancellation. DuckDB's own stddev throws when the squares
 * leave float64.
 */
function sumsOf(column: ColumnProfile): readonly string[] {
  if (column.numbers === null) return []
  const distance = `(${asNumber(column)} - ${column.numbers.mean ?? 0}::double)`
  return [`sum(${distance})`, `sum(${distance} * ${distance})`]
}

function moments(center: number | null, sum: number, squares: number, n: number) {
  const sd = Math.sqrt(Math.max(0, squares - (sum * sum) / n) / n)
  return { mean: told((center ?? 0) + sum / n), sd: told(sd) }
}
