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
  const wanted = columns.flatMap((column) => aggregates(column, isVaried(column)))
  const result = await connection.run(`select ${wanted.join(', ')} from read_parquet(${literal(path)})`)
  const found = ((await result.getRows())[0] ?? []).values()
  const next = () => Number(found.next().value)
  return columns.map((column) => {
    const given = next()
    const distinct = isVaried(column) ? Math.max(column.distinct, Math.min(given, next())) : column.distinct
    const { numbers } = column
    if (numbers === null) return { ...column, nulls: rows - given, distinct }
    const [min, max, sum, squares] = [next(), next(), next(), next()]
    const quantiles = [min, ...numbers.quantiles.slice(1, -1), max]
    return {
      ...column,
      nulls: rows - given,
      distinct,
      numbers: { min, max, ...moments(numbers.mean, sum, squares, given), quantiles },
    }
  })
}

function aggregates(column: ColumnProfile, isVaried: boolean): readonly string[] {
  const name = identifier(column.name)
  const counts = [`count(${name})`, ...(isVaried ? [`approx_count_distinct(${name})`] : [])]
  if (column.numbers === null) return counts
  // Sums of distances from a value in the middle lose nothing to cancellation. DuckDB's own stddev throws when the
  // squares leave float64.
  const value = asNumber(column)
  const distance = `(${value} - ${column.numbers.mean ?? 0}::double)`
  return [...counts, `min(${value})`, `max(${value})`, `sum(${distance})`, `sum(${distance} * ${distance})`]
}

function moments(center: number | null, sum: number, squares: number, n: number) {
  const sd = Math.sqrt(Math.max(0, squares - (sum * sum) / n) / n)
  return { mean: told((center ?? 0) + sum / n), sd: told(sd) }
}
