import type { DuckDBConnection } from '@duckdb/node-api'
import type { AsOf } from '../../domain/as-of.ts'
import type { FeatureSpec } from '../../domain/feature-spec.ts'
import { visibleVersions } from '../../domain/point-in-time.ts'
import { VigieError } from '../../errors.ts'
import type { ViewSource } from '../../ports/offline-store.ts'
import type { Snapshot, TableFile } from '../../ports/snapshots.ts'
import { rowsOf } from './columns.ts'
import { featureExpressions, refuseUnlisted } from './feature-columns.ts'
import type { LoadedSpine } from './spine.ts'
import { identifier, literal } from './sql.ts'
import { requireColumn, type StoredTable } from './stored-table.ts'

/** Spine rows that see the same versions of a view, whatever their dates. */
interface Group {
  readonly days: number[]
  readonly tables: readonly TableFile[]
  rows: number
}

/**
 * The columns of `features` for the rows of the temporary table `spine`: from the newest visible table that has the
 * row's key, NaN where none has.
 *
 * Which tables are visible is decided before any SQL. Almost every key is in the newest of them, so the tables are
 * joined one after the other, each with the rows that are still without, until none is left: reading the whole
 * history at once (an ASOF join over it) costs as many times more as there are snapshots.
 */
export async function joinFeatures(
  connection: DuckDBConnection,
  spine: LoadedSpine,
  request: {
    readonly features: FeatureSpec
    readonly views: readonly ViewSource[]
    readonly snapshots: readonly Snapshot[]
  },
  open: (table: TableFile) => Promise<StoredTable>,
): Promise<Float64Array[]> {
  const n = spine.keys.length
  const columns = request.features.map(() => new Float64Array(n).fill(Number.NaN))
  for (const name of new Set(request.features.map((feature) => feature.view))) {
    const view = request.views.find((candidate) => candidate.view === name)
    if (!view) throw new VigieError('internal', `nobody said where view "${name}" is read from`, { value: name })
    const features = request.features.filter((feature) => feature.view === name)
    const targets = columns.filter((_, i) => request.features[i]!.view === name)
    const found = new Uint8Array(n)
    for (const group of groups(spine, view, request.snapshots)) {
      await fill(connection, group, { key: view.key, features, targets, found }, open)
    }
  }
  return columns
}

function groups(spine: LoadedSpine, view: ViewSource, snapshots: readonly Snapshot[]): Iterable<Group> {
  const byTables = new Map<string, Group>()
  for (const [day, date] of spine.dates.entries()) {
    const tables = visibleTables(snapshots, date, view)
    const id = tables.map((table) => table.sha256).join()
    const group = byTables.get(id) ?? { days: [], tables, rows: 0 }
    group.days.push(day)
    group.rows += spine.rowsAt[day]!
    byTables.set(id, group)
  }
  return byTables.values()
}

function visibleTables(snapshots: readonly Snapshot[], date: AsOf, view: ViewSource): readonly TableFile[] {
  return visibleVersions(snapshots, date, view).flatMap((snapshot) => snapshot.tables[view.from] ?? [])
}

async function fill(
  connection: DuckDBConnection,
  group: Group,
  view: {
    readonly key: string
    readonly features: FeatureSpec
    readonly targets: readonly Float64Array[]
    readonly found: Uint8Array
  },
  open: (table: TableFile) => Promise<StoredTable>,
): Promise<void> {
  let wanted = `(select row, key from spine where day in (${group.days.join()}))`
  let missing = group.rows
  for (const [i, file] of group.tables.entries()) {
    const table = await open(file)
    requireColumn(table, view.key, 'VARCHAR')
    const matching = `read_parquet(${literal(table.path)}) t on s.key = t.${identifier(view.key)}`
    const values = featureExpressions(view.features, table).join(', ')
    for await (const rows of rowsOf(connection, `select s.row, ${values} from ${wanted} s join ${matching}`)) {
      refuseUnlisted(view.features, rows, 1)
      const at = rows.ints(0)
      for (let r = 0; r < rows.count; r++) {
        const row = at[r]!
        if (view.found[row]) throw repeated(view.key, file)
        view.found[row] = 1
      }
      for (const [f, target] of view.targets.entries()) {
        const column = rows.floats(1 + f)
        for (let r = 0; r < rows.count; r++) target[at[r]!] = column[r]!
      }
      missing -= rows.count
    }
    if (missing === 0 || i === group.tables.length - 1) return
    await connection.run(
      `create or replace temp table wanted as select s.row, s.key from ${wanted} s anti join ${matching}`,
    )
    wanted = 'wanted'
  }
}

function repeated(key: string, table: TableFile): VigieError {
  return new VigieError('internal', 'a stored table has a key twice', {
    rule: `${key} is unique in every table`,
    value: table.sha256,
  })
}
