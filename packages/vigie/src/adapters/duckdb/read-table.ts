import type { DuckDBConnection } from '@duckdb/node-api'
import type { FeatureSpec } from '../../domain/feature-spec.ts'
import type { Frame } from '../../domain/frame.ts'
import { rowsOf } from './columns.ts'
import { featureExpressions, refuseUnlisted } from './feature-columns.ts'
import { joinPrevious } from './join-snapshot.ts'
import { identifier, literal } from './sql.ts'
import { requireColumn, type StoredTable } from './stored-table.ts'

/** All rows of a table, in the order in which they are read: files are stored in the order of their keys. */
export async function readTable(
  connection: DuckDBConnection,
  table: StoredTable & { readonly rows: number },
  key: string,
  features: FeatureSpec,
  previous: StoredTable | null = null,
): Promise<Frame> {
  requireColumn(table, key, 'VARCHAR')
  const keys: string[] = []
  const columns = features.map(() => new Float64Array(table.rows))
  const column = `t.${identifier(key)}`
  const values = [column, ...featureExpressions(features, table, previous)].join(', ')
  for await (const rows of rowsOf(
    connection,
    `select ${values} from read_parquet(${literal(table.path)}) t${joinPrevious(previous, key, column)}`,
  )) {
    refuseUnlisted(features, rows, 1)
    for (const [i, values] of columns.entries()) values.set(rows.floats(1 + i), keys.length)
    keys.push(...rows.texts(0))
  }
  return { spec: features, keys, columns, label: null }
}
