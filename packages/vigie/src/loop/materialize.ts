import { viewInputs } from '../define/model-input.ts'
import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import { allEnded } from './all-ended.ts'

export interface MaterializeResult {
  readonly asOf: AsOf
  /** Id of the snapshot that was written. */
  readonly snapshot: string
  /** Entities in the online store now. */
  readonly entities: number
  readonly views: readonly MaterializedView[]
}

export interface MaterializedView {
  readonly view: string
  /** Rows of the snapshot. */
  readonly rows: number
  /** Entities whose values changed; the others have the same or newer ones. */
  readonly changed: number
}

/**
 * Writes the online views of the newest version of a date to the online store. Idempotent, and harmless for a date that
 * is not the newest: values that are newer stay.
 *
 * @throws `snapshot_missing`
 */
export async function materialize(
  ports: Pick<Ports, 'snapshots' | 'offline' | 'online'>,
  project: Project,
  asOf: AsOf,
): Promise<MaterializeResult> {
  const snapshot = await ports.snapshots.latest(asOf)
  if (!snapshot) {
    throw new VigieError('snapshot_missing', `there is no snapshot of ${asOf}`, {
      rule: 'a date is ingested before it is materialized',
      value: asOf,
      hint: `Ingest it first: vigie ingest <dir> --as-of ${asOf}`,
    })
  }
  const views = await allEnded(
    Object.entries(project.featureViews).map(async ([view, declared]): Promise<MaterializedView | null> => {
      const table = snapshot.tables[declared.from]
      // A view that was declared after the date was ingested has nothing of it.
      if (!declared.online || !table) return null
      const rows = await ports.offline.read(table, declared.entity.key, viewInputs(project, view))
      return { view, rows: rows.keys.length, changed: await ports.online.materialize(view, rows, snapshot) }
    }),
  )
  const written = views.filter((view) => view !== null)
  const entities = Math.max(0, ...written.map(({ view }) => ports.online.count(view)))
  return { asOf, snapshot: snapshot.id, entities, views: written }
}
