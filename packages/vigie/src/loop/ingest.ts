import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Project } from '../define/project.ts'
import { type AsOf, durationMs } from '../domain/as-of.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { checkSnapshotDate } from '../domain/snapshot-date.ts'
import { hasCode } from '../errors.ts'
import type { CheckedFile } from '../ports/compute.ts'
import type { Ports } from '../ports/ports.ts'
import type { Approvals, Snapshot } from '../ports/snapshots.ts'
import { allEnded } from './all-ended.ts'
import { checkKeys, type ImportedFile } from './check-keys.ts'
import { type Findings, noFindings } from './findings.ts'
import { passGates } from './gates.ts'
import { importChecked, originalOf } from './staged-file.ts'
import { validate } from './validate.ts'
import { reportRefused, reportTaken } from './validation.ts'

/** What of the ports an ingest touches. */
type IngestPorts = Pick<Ports, 'snapshots' | 'offline' | 'compute' | 'staging' | 'reports'>

export interface IngestResult {
  readonly asOf: AsOf
  /** Id of the snapshot. */
  readonly snapshot: string
  readonly version: number
  /** Number of entities. */
  readonly rows: number
  /** True when this content was there before: nothing changed. */
  readonly already: boolean
  readonly files: readonly CheckedFile[]
  /** Who took it in spite of broken rules, and which; null when nothing held it back. */
  readonly approvals: Approvals | null
  /** Path of its validation report. */
  readonly report: string
}

/**
 * Takes the delivery in `dir` as the snapshot of `asOf`, all of it or nothing. The same content again changes nothing;
 * other content for a known date is refused unless it is a `correction`.
 *
 * A delivery with a broken rule of severity `hold` is kept back until it comes with an approval of the rule's code, which
 * is recorded with the snapshot. On a refusal every store is as it was before; the refused files are kept in
 * `<staging>/quarantine`. Every delivery gets a report, whose path is in the result or in the details of the error.
 *
 * @throws `as_of_invalid`, `as_of_not_month_end`, `as_of_before_first`, `future_time`; what `validate` finds in a file; `duplicate_key`,
 *   `duplicate_after_normalisation`, `entity_unknown`; what a gate finds: `volume_gate`, `unit_change`, ...; `already_ingested_differently`
 */
export async function ingest(
  ports: IngestPorts,
  project: Project,
  {
    dir,
    asOf,
    correction = false,
    approvals = null,
  }: {
    readonly dir: string
    readonly asOf: AsOf
    readonly correction?: boolean
    readonly approvals?: Approvals | null
  },
): Promise<IngestResult> {
  checkSnapshotDate(asOf, project.snapshots.first, Date.parse(await ports.snapshots.now()))
  // A folder of its own, so that two that bring the same files do not clean up each other's.
  const staged = await mkdtemp(path.join(ports.staging, `${asOf}-`))
  const findings = noFindings()
  try {
    const files = await validate(ports, project, { dir, staged, asOf }, findings)
    const delivery = { dir, staged, asOf, correction, approvals, files, contentHash: contentHash(files) }
    const known = await knownBefore(ports, delivery)
    const { snapshot, already } = known ?? (await store(ports, project, delivery, findings))
    const report = await reportTaken(ports, project, { snapshot, known: known !== null, findings })
    const { id, version, rows } = snapshot
    return { asOf, snapshot: id, version, rows, already, files, approvals: snapshot.approvals, report }
  } catch (error) {
    throw await reportRefused(ports, project, { asOf, error, findings })
  } finally {
    await rm(staged, { recursive: true, force: true })
  }
}

interface Delivery {
  readonly dir: string
  /** Folder of the copies. */
  readonly staged: string
  readonly asOf: AsOf
  readonly correction: boolean
  readonly approvals: Approvals | null
  readonly files: readonly CheckedFile[]
  readonly contentHash: string
}

type Committed = { readonly snapshot: Snapshot; readonly already: boolean }

function contentHash(files: readonly CheckedFile[]): string {
  const bySource = Object.fromEntries(files.map(({ source, content }) => [source, content]))
  return createHash('sha256').update(canonicalJson(bySource)).digest('hex')
}

/** Spares the import of what is there. Whether a correction brings anything new is the catalogue's to say. */
async function knownBefore(ports: IngestPorts, { asOf, correction, contentHash }: Delivery): Promise<Committed | null> {
  if (correction) return null
  const versions = await ports.snapshots.list()
  const snapshot = versions.findLast((version) => version.asOf === asOf && version.contentHash === contentHash)
  return snapshot ? { snapshot, already: true } : null
}

async function store(ports: IngestPorts, project: Project, delivery: Delivery, findings: Findings): Promise<Committed> {
  const imported = new Map<string, ImportedFile>()
  let approvals: Approvals | null = null
  const discard = () => ports.offline.discard(Array.from(imported.values(), (file) => file.table))
  try {
    await importFiles(ports, project, delivery, imported)
    const held = await checkKeys(ports, project, imported, delivery.asOf)
    // What the catalogue will refuse for its date is not asked to be approved first.
    if (delivery.correction || (await ports.snapshots.latest(delivery.asOf)) === null) {
      approvals = await passGates(ports, project, { delivery, imported, held, findings })
    }
  } catch (error) {
    await discard()
    throw error
  }
  try {
    const committed = await commit(ports, project, { ...delivery, approvals }, imported)
    if (committed.already) await discard()
    return committed
  } catch (error) {
    // After any other failure nobody knows whether the snapshot was committed, and then its tables must be there.
    if (hasCode(error, 'already_ingested_differently')) await discard()
    throw error
  }
}

/** Adds each table to `imported` as soon as it is there, so that it can be discarded when another fails. */
async function importFiles(
  { offline }: IngestPorts,
  project: Project,
  { dir, staged, files }: Delivery,
  imported: Map<string, ImportedFile>,
): Promise<void> {
  await allEnded(
    files.map(async (checked) => {
      const { source, format } = checked
      const table = await importChecked(offline, project.sources[source]!, { staged, checked })
      const delivered = path.join(dir, `${source}.${format}`)
      imported.set(source, { checked, delivered, copy: originalOf(staged, checked), table })
    }),
  )
}

function commit(
  { snapshots }: IngestPorts,
  project: Project,
  { asOf, contentHash, correction, approvals }: Delivery,
  imported: ReadonlyMap<string, ImportedFile>,
): Promise<Committed> {
  return snapshots.commit({
    asOf,
    contentHash,
    rows: entityCount(project, imported),
    tables: Object.fromEntries(Array.from(imported, ([source, { table }]) => [source, table])),
    correction,
    arrivesMs: earliestArrivalMs(project),
    approvals,
  })
}

/**
 * Where no file lists the entities, the one that names most of them comes nearest: the label's alone would make labels
 * that have not arrived look like entities that do not exist. A file of events has any number of rows an entity.
 */
function entityCount({ entity, sources }: Project, imported: ReadonlyMap<string, ImportedFile>): number {
  if (entity.listedIn !== null) return imported.get(entity.listedIn)!.checked.rows
  const rows = Array.from(imported, ([source, { checked }]) => (sources[source]!.eventTime === null ? checked.rows : 0))
  return Math.max(...rows)
}

/**
 * A snapshot has one `known_at` for all its views. The join allows each view its own `arrives`, so a backfill counts as
 * known when the first of them was due: any later, and that view would miss values that it had in time.
 */
function earliestArrivalMs({ featureViews }: Project): number {
  return Math.min(...Object.values(featureViews).map(({ arrives }) => durationMs(arrives)))
}
