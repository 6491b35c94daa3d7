import type { Cluster } from '../../domain/join-plan.ts'
import { VigieError } from '../../errors.ts'
import type { TableFile } from '../../ports/snapshots.ts'
import { rowsOf } from './columns.ts'
import { featureExpressions, refuseUnlisted } from './feature-columns.ts'
import type { Execution, Found, ViewColumns } from './point-in-time-join.ts'
import { identifier, literal } from './sql.ts'
import { requireColumn, type StoredTable } from './stored-table.ts'

/** Fills the rows of the relation `wanted` whose key one snapshot has: a join by equality. */
export async function joinSnapshot(
  { connection, open }: Execution,
  { batches: [batch] }: Cluster<TableFile>,
  { view: { key }, features, targets, times, found }: ViewColumns,
  wanted: string,
): Promise<Found> {
  const { table: file, lastUs } = batch!
  const table = await open(file)
  requireColumn(table, key, 'VARCHAR')
  const previous = features.some(({ lag }) => lag) && batch!.previous ? await open(batch!.previous) : null
  const matching = `read_parquet(${literal(table.path)}) t on s.key = t.${identifier(key)}`
  const values = featureExpressions(features, table, previous).join(', ')
  const sql = `select s.row, ${values} from ${wanted} s join ${matching}${joinPrevious(previous, key, 's.key')}`
  let count = 0
  for await (const rows of rowsOf(connection, sql)) {
    refuseUnlisted(features, rows, 1)
    const at = rows.ints(0)
    for (let r = 0; r < rows.count; r++) {
      const row = at[r]!
      if (found[row]) throw repeated(key, file)
      found[row] = 1
      times[row] = lastUs
    }
    for (const [f, target] of targets.entries()) {
      const column = rows.floats(1 + f)
      for (let r = 0; r < rows.count; r++) target[at[r]!] = column[r]!
    }
    count += rows.count
  }
  return { rows: count, matching }
}

/** Brings the rows of the snapshot before along, as `p`. */
export function joinPrevious(previous: StoredTable | null, key: string, keyOfRow: string): string {
  if (previous === null) return ''
  requireColumn(previous, key, 'VARCHAR')
  return ` left join read_parquet(${literal(previous.path)}) p on ${keyOfRow} = p.${identifier(key)}`
}

function repeated(key: string, table: TableFile): VigieError {
  return new VigieError('internal', 'a stored table has a key twice', {
    rule: `${key} is unique in every table of snapshots`,
    value: table.sha256,
  })
}
