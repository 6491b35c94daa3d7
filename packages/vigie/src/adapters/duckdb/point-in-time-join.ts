import type { DuckDBConnection } from '@duckdb/node-api'
import type { FeatureSpec } from '../../domain/feature-spec.ts'
import { type Group, planJoin } from '../../domain/join-plan.ts'
import { viewHistory } from '../../domain/point-in-time.ts'
import { VigieError } from '../../errors.ts'
import type { OfflineStore, ViewSource } from '../../ports/offline-store.ts'
import type { TableFile } from '../../ports/snapshots.ts'
import { joinEvents } from './join-events.ts'
import { joinSnapshot } from './join-snapshot.ts'
import type { LoadedSpine } from './spine.ts'
import type { StoredTable } from './stored-table.ts'

/** What the rows of a spine have of one view. */
export interface ViewColumns {
  readonly view: ViewSource
  readonly features: FeatureSpec
  readonly targets: readonly Float64Array[]
  /** Time of the row that each value is from, NaN where there is none. */
  readonly times: Float64Array
  /** 1 for rows that are done, with a value or without one. */
  readonly found: Uint8Array
}

/** What executes a part of a plan. */
export interface Execution {
  readonly connection: DuckDBConnection
  readonly spine: LoadedSpine
  /** Verifies the file and says what it holds. */
  open(table: TableFile): Promise<StoredTable>
}

/** Number of rows that one cluster had, and the SQL that tells them: `on` and a relation to join with the spine `s`. */
export interface Found {
  readonly rows: number
  readonly matching: string
}

type Request = Parameters<OfflineStore['pointInTimeJoin']>[0]

/**
 * The columns of `features` for the rows of the temporary table `spine`, NaN where nothing is visible, and the times
 * of the rows that they are from.
 *
 * Which tables are visible is decided before any SQL (`planJoin`). Almost every key is in the newest of them, so they
 * are searched one after the other, each for the rows that are still without, until none is left: reading the whole
 * history at once costs as many times more as there are snapshots.
 */
export async function joinFeatures(
  execution: Execution,
  request: Pick<Request, 'features' | 'views' | 'snapshots' | 'pushes' | 'eventTimeOnly'>,
): Promise<{ readonly columns: Float64Array[]; readonly eventTimes: ReadonlyMap<string, Float64Array> }> {
  const { spine } = execution
  const n = spine.keys.length
  const missing = () => new Float64Array(n).fill(Number.NaN)
  const columns = request.features.map(missing)
  const eventTimes = new Map<string, Float64Array>()
  for (const name of new Set(request.features.map((feature) => feature.view))) {
    const view = request.views.find((candidate) => candidate.view === name)
    if (!view) throw new VigieError('internal', `nobody said where view "${name}" is read from`, { value: name })
    const features = request.features.filter((feature) => feature.view === name)
    const targets = columns.filter((_, i) => request.features[i]!.view === name)
    const times = missing()
    const target = { view, features, targets, times, found: new Uint8Array(n) }
    for (const group of planJoin(viewHistory(request, view, request), spine.moments)) {
      await fill(execution, group, target)
    }
    eventTimes.set(name, times)
  }
  return { columns, eventTimes }
}

async function fill(execution: Execution, group: Group<TableFile>, target: ViewColumns): Promise<void> {
  const { connection, spine } = execution
  let wanted = group.rows === spine.keys.length ? 'spine' : `(from spine where ${within(group.stretches)})`
  let missing = group.rows
  for (const [i, cluster] of group.clusters.entries()) {
    const search = target.view.eventTime === null ? joinSnapshot : joinEvents
    const { rows, matching } = await search(execution, cluster, target, wanted, missing)
    missing -= rows
    if (missing === 0 || i === group.clusters.length - 1) return
    await connection.run(
      `create or replace temp table wanted as select s.row, s.cut, s.key from ${wanted} s anti join ${matching}`,
    )
    wanted = 'wanted'
  }
}

function within(stretches: readonly (readonly [number, number])[]): string {
  return stretches.map(([first, last]) => `cut between ${first} and ${last}`).join(' or ')
}
