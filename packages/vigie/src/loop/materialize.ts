import { viewInputs } from '../define/model-input.ts'
import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import { VigieError } from '../errors.ts'
import type { OnlineView, OnlineWrite } from '../ports/online-store.ts'
import type { Ports } from '../ports/ports.ts'
import { allEnded } from './all-ended.ts'
import { viewSources } from './dataset.ts'
import {
  type Catalogue,
  catalogue,
  type Dates,
  idsOf,
  trueFrom,
  type ViewVersions,
  versionsNamed,
  versionsOfView,
  versionsWithin,
} from './view-versions.ts'

/** What to put online. Everything that is not there yet, when it says nothing. */
export interface Wanted extends Dates {
  readonly views?: readonly string[]
  /** Builds the views anew from their history instead of adding to them. */
  readonly full?: boolean
}

export interface MaterializeResult {
  /** Newest date whose rows are in the online store; null when there are none. */
  readonly asOf: AsOf | null
  /** Entities in the online store now. */
  readonly entities: number
  readonly views: readonly MaterializedView[]
}

export interface MaterializedView {
  readonly view: string
  /** Snapshots and pushes that were not there before. */
  readonly versions: number
  /** Rows that were offered. */
  readonly rows: number
  /** Entities whose values changed; the others have the same or newer ones. */
  readonly changed: number
}

/** How far the clocks of whoever sends events and of the database may differ. */
const CLOCK_TOLERANCE_MICROS = 300_000_000
/** Another program may materialize at the same time, and each needs one more try. */
const TRIES = 5

/**
 * Puts the newest rows of each online view where predictions read them: what the point-in-time join would find now.
 * Incremental: the online store knows which versions it has. Idempotent, and harmless for a date that is not the newest.
 *
 * @throws `snapshot_missing` when a date was asked for that has no snapshot
 */
export async function materialize(
  ports: Pick<Ports, 'snapshots' | 'offline' | 'online'>,
  project: Project,
  wanted: Wanted = {},
  progress: (share: number) => void = () => undefined,
): Promise<MaterializeResult> {
  const listed = await catalogue(ports)
  refuseUnknownDate(wanted, listed)
  const names = Object.entries(project.featureViews).flatMap(([view, { online }]) =>
    online && (wanted.views?.includes(view) ?? true) ? [view] : [],
  )
  let done = 0
  // Two at a time: one is read while the other is written, and no more rows are in memory.
  const lanes = [0, 1].map(async (lane) => {
    const results = []
    for (const view of names.filter((_, i) => i % 2 === lane)) {
      results.push(await materializeView(ports, project, view, { listed, wanted }))
      progress(++done / names.length)
    }
    return results
  })
  const byName = new Map((await allEnded(lanes)).flat().map((result) => [result.view, result]))
  const views = names.map((view) => byName.get(view)!)
  const there = views.flatMap(({ there }) => there.snapshots.map(({ asOf }) => asOf)).sort()
  return {
    asOf: there.at(-1) ?? null,
    entities: Math.max(0, ...names.map((view) => ports.online.count(view))),
    views: views.map(({ there: _, ...view }) => view),
  }
}

function refuseUnknownDate({ from, to }: Wanted, listed: Catalogue): void {
  if (from === undefined || from !== to || idsOf(versionsWithin(listed, { from, to })).length > 0) return
  throw new VigieError('snapshot_missing', `there is no snapshot of ${from}`, {
    rule: 'a date is ingested before it is materialized',
    value: from,
    hint: `Ingest it first: vigie ingest <dir> --as-of ${from}`,
  })
}

async function materializeView(
  ports: Pick<Ports, 'offline' | 'online'>,
  project: Project,
  view: string,
  { listed, wanted }: { readonly listed: Catalogue; readonly wanted: Wanted },
): Promise<MaterializedView & { readonly there: ViewVersions }> {
  const features = viewInputs(project, view)
  const source = viewSources(project).find((each) => each.view === view)!
  const at = listed.now + CLOCK_TOLERANCE_MICROS
  const all = versionsOfView(project, view, listed)
  const visible = { ...all, snapshots: all.snapshots.filter((snapshot) => trueFrom(snapshot) <= at) }
  for (let attempt = 1; ; attempt++) {
    const plan = planWrite(features, ports.online.view(view, features), visible, wanted)
    const { there, added } = plan
    if (!plan.write) return { view, versions: 0, rows: 0, changed: 0, there }
    const only = plan.write.mode === 'merge' ? { only: new Set(idsOf(added)) } : {}
    const rows = await ports.offline.newest({ view: source, features, at, ...there, ...only })
    const { changed, outrun } = await ports.online.materialize(view, rows, plan.write)
    if (!outrun) return { view, versions: idsOf(added).length, rows: rows.keys.length, changed, there }
    if (attempt === TRIES) {
      throw new VigieError('overloaded', `view "${view}" was written by others ${TRIES} times meanwhile`, {
        value: view,
        hint: 'Try again.',
      })
    }
  }
}

interface Plan {
  /** Versions that the view has when it is written. */
  readonly there: ViewVersions
  /** Those of them that it lacks now. */
  readonly added: ViewVersions
  /** Null when there is nothing to write. */
  readonly write: OnlineWrite | null
}

/**
 * First deliveries are merged. A correction may take rows back, and a version that comes late changes what was before
 * the later ones: then the view is read anew from all its versions.
 */
function planWrite(features: FeatureSpec, stored: OnlineView | null, visible: ViewVersions, wanted: Wanted): Plan {
  const has = stored?.versions ?? new Map<string, number>()
  const known = versionsNamed(visible, has)
  const asked = new Set(idsOf(versionsWithin(visible, wanted)))
  const there = versionsNamed(visible, { has: (id) => asked.has(id) || has.has(id) })
  const added = versionsNamed(there, { has: (id) => !has.has(id) })
  // A catalogue that was restored from a backup lacks versions that the view has rows of.
  const strange = idsOf(known).length < has.size
  if (stored === null || strange || wanted.full === true) {
    return { there, added, write: { mode: 'rebuild', versions: idsOf(there) } }
  }
  if (idsOf(added).length === 0) return { there, added, write: null }
  const lagged = features.some(({ lag }) => lag !== undefined)
  const newest = known.snapshots
    .map(({ asOf }) => asOf)
    .sort()
    .at(-1)
  const late = (asOf: AsOf) => lagged && newest !== undefined && asOf <= newest
  const again = idsOf(known).length === 0 || added.snapshots.some(({ version, asOf }) => version > 1 || late(asOf))
  return again
    ? { there, added, write: { mode: 'replace', versions: idsOf(there) } }
    : { there, added, write: { mode: 'merge', versions: idsOf(added) } }
}
