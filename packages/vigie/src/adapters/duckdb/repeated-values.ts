import type { DuckDBConnection } from '@duckdb/node-api'
import { BROKEN_EXAMPLES, type BrokenRule, type ColumnContract, type SourceContract } from '../../domain/contract.ts'
import { excerptOf } from '../../domain/csv/excerpt.ts'
import { identifier, literal } from './sql.ts'

/** Which columns of a table that must be unique are not: see `OfflineStore.repeatedValues`. */
export async function repeatedValues(
  connection: DuckDBConnection,
  path: string,
  contract: SourceContract,
): Promise<readonly BrokenRule[]> {
  const broken: BrokenRule[] = []
  for (const column of contract.columns) {
    if (column.unique !== true) continue
    const rule = await repeatedIn(connection, path, contract.name, column)
    if (rule) broken.push(rule)
  }
  return broken
}

async function repeatedIn(
  connection: DuckDBConnection,
  path: string,
  source: string,
  { name, severity = 'reject' }: ColumnContract,
): Promise<BrokenRule | null> {
  const column = identifier(name)
  const result = await connection.run(`
    select ${column}::varchar, count(*)::integer, (sum(count(*)) over ())::integer
    from read_parquet(${literal(path)}) where ${column} is not null
    group by ${column} having count(*) > 1 order by ${column} limit ${BROKEN_EXAMPLES}`)
  const rows = await result.getRows()
  const [first] = rows
  if (!first) return null
  const value = excerptOf(String(first[0]))
  return {
    code: 'duplicate_value',
    source,
    column: name,
    rule: `${name} is unique in ${source}.csv, nulls apart`,
    severity,
    text: `${name} "${value}" stands in ${first[1]} rows`,
    value,
    rows: Number(first[2]),
    examples: rows.map(([text]) => ({ line: null, value: excerptOf(String(text)) })),
  }
}
