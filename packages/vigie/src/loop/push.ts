import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { viewInputs } from '../define/model-input.ts'
import type { Project } from '../define/project.ts'
import type { BrokenRule, SourceContract } from '../domain/contract.ts'
import { micros } from '../domain/point-in-time.ts'
import { hasCode, VigieError } from '../errors.ts'
import type { OnlineRows } from '../ports/online-store.ts'
import type { Ports } from '../ports/ports.ts'
import type { TableFile } from '../ports/snapshots.ts'
import { refuseLaterEvents } from './check-events.ts'
import { viewSources } from './dataset.ts'
import { type PushedColumns, pushedText } from './pushed-text.ts'
import { importChecked } from './staged-file.ts'

type PushPorts = Pick<Ports, 'snapshots' | 'offline' | 'online' | 'compute' | 'staging'>

/** Rows of one view that come between two deliveries. */
export interface Pushed {
  readonly view: string
  readonly columns: PushedColumns
  /** Whether history keeps them, and whether they are read online at once. */
  readonly to: { readonly offline: boolean; readonly online: boolean }
  /** The same id again changes nothing. */
  readonly id: string
}

export interface PushResult {
  readonly view: string
  readonly rows: number
  /** Rows with broken values that the contract allows to leave out. */
  readonly leftOut: number
  /** Null when the rows were written online only. */
  readonly push: { readonly id: string; readonly knownAt: string; readonly already: boolean } | null
  /** Entities whose row online changed; null when the rows were not written there. */
  readonly changed: number | null
}

/**
 * Takes rows of one view, all of them or none, after the checks that a delivered file passes. First history, then
 * online: what is cut off between the two is put online by the next `materialize`.
 *
 * Rows that are written online only stand until a newer one comes; no training row will ever see them.
 *
 * @throws `push_needs_events`, `view_not_online`; what a check of the rows finds, as for a file; `future_time`,
 *   `duplicate_key`, `duplicate_value`, `entity_unknown`; `snapshot_missing` where keys are listed and no list came yet;
 *   `push_differs`, `online_store_outdated`
 */
export async function pushRows(ports: PushPorts, project: Project, pushed: Pushed): Promise<PushResult> {
  const { view, columns, to } = pushed
  const source = project.sources[project.featureViews[view]!.from]!
  refuseTarget(project, view, source, to)
  const { text, contract } = pushedText(source, columns)
  const staged = await mkdtemp(path.join(ports.staging, 'push-'))
  try {
    const file = path.join(staged, 'rows', `${contract.name}.csv`)
    await mkdir(path.dirname(file))
    await writeFile(file, text)
    const checked = await ports.compute.run('checkCsv', { contract, stagedDir: staged, file })
    refuseHeld(checked.held)
    const table = await importChecked(ports.offline, contract, { staged, checked })
    return {
      view,
      rows: checked.rows,
      leftOut: checked.quarantined,
      ...(await store(ports, project, pushed, { contract, table })),
    }
  } finally {
    await rm(staged, { recursive: true, force: true })
  }
}

interface Imported {
  readonly contract: SourceContract
  readonly table: TableFile
}

function refuseTarget(project: Project, view: string, source: SourceContract, to: Pushed['to']): void {
  if (to.offline && source.eventTime === null) {
    throw new VigieError('push_needs_events', `history takes no single rows of view "${view}"`, {
      rule: 'rows of a view with an eventTime are pushed; a view of snapshots changes by a delivery or a correction',
      value: view,
    })
  }
  if (to.online && !project.featureViews[view]!.online) {
    throw new VigieError('view_not_online', `view "${view}" is not kept online`, {
      rule: 'rows are written online for views that are online in the definition',
      value: view,
    })
  }
}

/** A delivery with these could be approved. A push has nobody who is asked. */
function refuseHeld([first, ...others]: readonly BrokenRule[]): void {
  if (!first) return
  const { code, source, column, rule, text, value } = first
  throw new VigieError(code, `${source}.csv: ${text}`, {
    rule,
    value,
    ...(column === null ? {} : { column }),
    broken: [first, ...others],
  })
}

async function store(
  ports: PushPorts,
  project: Project,
  { view, to, id }: Pushed,
  imported: Imported,
): Promise<Pick<PushResult, 'push' | 'changed'>> {
  const { table, contract } = imported
  let keep = false
  try {
    await checkRows(ports, imported)
    if (!to.offline) {
      const known = { id, knownAt: await ports.snapshots.now(), table }
      return { push: null, changed: await putOnline(ports, project, { view, contract, ...known, versions: [] }) }
    }
    // From here on nobody knows whether the push was committed, and then its table must be there.
    keep = true
    const { push, already } = await ports.snapshots.push({ id, source: contract.name, table })
    const { knownAt } = push
    const changed = to.online
      ? await putOnline(ports, project, { view, contract, id, knownAt, table: push.table, versions: [id] })
      : null
    return { push: { id, knownAt, already }, changed }
  } catch (error) {
    if (hasCode(error, 'push_differs')) keep = false
    throw error
  } finally {
    if (!keep) await ports.offline.discard([table])
  }
}

async function checkRows(ports: PushPorts, { contract, table }: Imported): Promise<void> {
  const { name, key, listedIn } = contract
  await refuseLaterEvents(ports.snapshots, contract, table, null)
  await ports.offline.checkKeys(table, name, key, listedIn === null ? null : await listOf(ports, listedIn), contract)
  if (contract.columns.some((column) => column.unique)) refuseHeld(await ports.offline.repeatedValues(table, contract))
}

/** The newest file that lists all keys. */
async function listOf(ports: PushPorts, source: string): Promise<TableFile> {
  const snapshots = await ports.snapshots.list()
  const table = snapshots.findLast(({ tables }) => Object.hasOwn(tables, source))?.tables[source]
  if (table) return table
  throw new VigieError('snapshot_missing', `no delivery has brought "${source}" yet`, {
    rule: 'keys are in the file that lists all of them',
    value: source,
    hint: 'Ingest a delivery first: vigie ingest <dir> --as-of <date>',
  })
}

/** Writes the newest of the rows of each key online, where nothing newer is. Returns how many entities changed. */
async function putOnline(
  ports: Pick<Ports, 'offline' | 'online' | 'snapshots'>,
  project: Project,
  rows: Imported & {
    readonly view: string
    readonly id: string
    readonly knownAt: string
    readonly versions: readonly string[]
  },
): Promise<number> {
  const { view, contract, id, knownAt, table, versions } = rows
  const features = viewInputs(project, view)
  const stored = features.filter(({ lag }) => lag === undefined)
  const newest = await ports.offline.newest({
    view: {
      ...viewSources(project).find((each) => each.view === view)!,
      eventTime: contract.eventTime,
      createdTime: contract.createdTime,
    },
    features: stored,
    snapshots: [],
    pushes: [{ id, source: contract.name, knownAt, table }],
    at: Number(micros(knownAt)) + CLOCK_TOLERANCE_MICROS,
  })
  const written = await ports.online.materialize(view, withoutPast(newest, features), { mode: 'merge', versions })
  return written.changed
}

/** What a row had one snapshot before is not known of a row that came by itself. */
function withoutPast(rows: OnlineRows, spec: OnlineRows['spec']): OnlineRows {
  const past = spec.slice(rows.spec.length).map(() => new Float64Array(rows.keys.length).fill(Number.NaN))
  return { ...rows, spec, columns: [...rows.columns, ...past] }
}

/** How far the clocks of whoever sends events and of the database may differ. */
const CLOCK_TOLERANCE_MICROS = 300_000_000
