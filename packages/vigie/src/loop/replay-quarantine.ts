import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { BrokenRule, SourceContract } from '../domain/contract.ts'
import { hasCode, VigieError } from '../errors.ts'
import type { CheckedFile } from '../ports/compute.ts'
import type { Ports } from '../ports/ports.ts'
import type { Approvals, Snapshot, TableFile } from '../ports/snapshots.ts'
import { checkKeys, type ImportedFile } from './check-keys.ts'
import { type Findings, noFindings } from './findings.ts'
import { passGates } from './gates.ts'
import type { IngestResult } from './ingest.ts'
import { type QuarantinedFile, quarantined } from './quarantined.ts'
import { importChecked, originalOf } from './staged-file.ts'
import { reportRefused, reportTaken } from './validation.ts'

type ReplayPorts = Pick<Ports, 'snapshots' | 'offline' | 'compute' | 'staging' | 'reports'>

interface Replay {
  /** sha256 of the delivered bytes, or its first digits. */
  readonly sha256: string
  readonly asOf: AsOf
  readonly approvals?: Approvals | null
}

/**
 * Checks a file of the quarantine again, under the definition of today, and commits it as a correction of the snapshot of
 * `asOf` in which nothing but its source changes: whole, once the definition takes it, or with the rows that were left
 * out. The file stays in the quarantine.
 *
 * @throws `quarantine_unknown`; `snapshot_missing` when the date was never ingested; all that an ingest can refuse
 */
export async function replayQuarantined(ports: ReplayPorts, project: Project, replay: Replay): Promise<IngestResult> {
  const { asOf, approvals = null } = replay
  const file = await quarantined(ports, replay.sha256)
  const contract = contractOf(project, file)
  const base = await newest(ports, asOf)
  // What is said of this one file is said by a project of this one file.
  const alone = { ...project, sources: { [contract.name]: contract } }
  const staged = await mkdtemp(path.join(ports.staging, `${asOf}-`))
  const findings = noFindings()
  try {
    const checked = await checkAgain(ports, project, { file, contract, staged, asOf })
    findings.checks = [{ source: contract.name, checked, refusal: null }]
    const imported = await importAgain(ports, { checked, contract, staged, file })
    const approved = await accept(ports, project, { base, contract, imported, approvals, file, findings })
    const committed = await commit(ports, project, { base, checked, table: imported.table, approvals: approved })
    if (committed.already) await ports.offline.discard([imported.table])
    const { snapshot, already } = committed
    const report = await reportTaken(ports, alone, { snapshot, known: already, findings })
    const { id, version, rows } = snapshot
    return { asOf, snapshot: id, version, rows, already, files: [checked], approvals: snapshot.approvals, report }
  } catch (error) {
    throw await reportRefused(ports, alone, { asOf, error, findings })
  } finally {
    await rm(staged, { recursive: true, force: true })
  }
}

function contractOf(project: Project, { source, sha256 }: QuarantinedFile): SourceContract {
  const contract = project.sources[source]
  if (contract) return contract
  throw new VigieError('quarantine_unknown', `no view, source or label reads "${source}" any more`, {
    rule: 'a file is checked by the definition of its source',
    value: sha256,
  })
}

async function newest({ snapshots }: ReplayPorts, asOf: AsOf): Promise<Snapshot> {
  const snapshot = await snapshots.latest(asOf)
  if (snapshot) return snapshot
  throw new VigieError('snapshot_missing', `there is no snapshot of ${asOf} to correct`, {
    rule: 'a file is replayed into a snapshot that has all others',
    value: asOf,
    hint: `Ingest the mended delivery as a whole: vigie ingest <dir> --as-of ${asOf}.`,
  })
}

/** Under its own name, and only if the bytes are still those that were delivered. */
async function checkAgain(
  { compute }: ReplayPorts,
  { snapshots: { maxBytes } }: Project,
  replay: {
    readonly file: QuarantinedFile
    readonly contract: SourceContract
    readonly staged: string
    readonly asOf: AsOf
  },
): Promise<CheckedFile> {
  const { file, contract, staged, asOf } = replay
  const { sha256, bytes, format, original } = file
  const name = `${contract.name}.${format}`
  const dir = path.join(staged, 'again')
  await mkdir(dir)
  await copyFile(original, path.join(dir, name), constants.COPYFILE_FICLONE)
  const manifest = { asOf: null, files: [{ name, sha256, bytes, rows: null }] }
  const limits = maxBytes === undefined ? {} : { maxBytes }
  return compute.run('checkCsv', { dir, contract, stagedDir: staged, asOf, manifest, ...limits })
}

async function importAgain(
  { offline }: ReplayPorts,
  replay: {
    readonly checked: CheckedFile
    readonly contract: SourceContract
    readonly staged: string
    readonly file: QuarantinedFile
  },
): Promise<ImportedFile> {
  const { checked, contract, staged, file } = replay
  const table = await importChecked(offline, contract, { staged, checked })
  const delivered = typeof file.report.file === 'string' ? file.report.file : file.original
  return { checked, delivered, copy: originalOf(staged, checked), table }
}

interface Accepting {
  readonly base: Snapshot
  readonly contract: SourceContract
  readonly imported: ImportedFile
  readonly approvals: Approvals | null
  readonly file: QuarantinedFile
  readonly findings: Findings
}

/** What an ingest asks of a table, asked of this one beside those that stay. A refused one is gone. */
async function accept(ports: ReplayPorts, project: Project, accepting: Accepting): Promise<Approvals | null> {
  const { base, contract, imported, approvals, file, findings } = accepting
  const { asOf } = base
  const alone = { ...project, sources: { [contract.name]: contract } }
  const own = new Map([[contract.name, imported]])
  try {
    await checkListed(ports, project, contract, imported.table, base)
    const held = await checkKeys(ports, alone, new Map([...asImported(base), ...own]), asOf)
    const delivery = { dir: file.original, asOf, correction: true, approvals }
    return await passGates(ports, alone, { delivery, imported: own, held, findings })
  } catch (error) {
    await ports.offline.discard([imported.table])
    throw hasCode(error) && error.details.severity === 'hold' ? approvable(error, file, asOf) : error
  }
}

function approvable({ code, message, details }: VigieError, { sha256 }: QuarantinedFile, asOf: AsOf): VigieError {
  const broken = (details.broken ?? []) as readonly BrokenRule[]
  const codes = [...new Set([code, ...broken.map((rule) => rule.code)])].sort()
  const command = `vigie quarantine replay ${sha256.slice(0, 12)} --as-of ${asOf} --approve ${codes.join(',')}`
  return new VigieError(code, message, { ...details, hint: `If the file is right as it is, take it: ${command}` })
}

/** The tables that stay, for the checks that compare with them. */
function asImported({ tables }: Snapshot): ReadonlyMap<string, ImportedFile> {
  const files = Object.entries(tables).map(([source, table]) => [source, { table } as ImportedFile] as const)
  return new Map(files)
}

/** A file that lists all keys must still list those of the files that stay. */
async function checkListed(
  { offline }: ReplayPorts,
  { sources }: Project,
  { name }: SourceContract,
  table: TableFile,
  { tables }: Snapshot,
): Promise<void> {
  for (const other of Object.values(sources)) {
    const kept = tables[other.name]
    if (other.listedIn === name && kept) await offline.checkKeys(kept, other.name, other.key, table, other)
  }
}

async function commit(
  { snapshots }: ReplayPorts,
  project: Project,
  change: {
    readonly base: Snapshot
    readonly checked: CheckedFile
    readonly table: TableFile
    readonly approvals: Approvals | null
  },
): Promise<{ readonly snapshot: Snapshot; readonly already: boolean }> {
  const { checked, table, approvals } = change
  let { base } = change
  for (;;) {
    if (base.tables[checked.source]?.sha256 === table.sha256) return { snapshot: base, already: true }
    const tables = { ...base.tables, [checked.source]: table }
    const content = { corrected: base.contentHash, source: checked.source, content: checked.content }
    const { snapshot, already } = await snapshots.commit({
      asOf: base.asOf,
      contentHash: createHash('sha256').update(canonicalJson(content)).digest('hex'),
      rows: entityCount(project, tables),
      tables,
      correction: true,
      arrivesMs: 0,
      approvals,
    })
    if (already || snapshot.version === base.version + 1) return { snapshot, already }
    // Somebody corrected another file meanwhile, which this version has not: it goes on top of that one.
    base = await versionBefore(snapshots, snapshot)
  }
}

async function versionBefore(snapshots: Ports['snapshots'], { asOf, version }: Snapshot): Promise<Snapshot> {
  const versions = await snapshots.list()
  return versions.find((each) => each.asOf === asOf && each.version === version - 1)!
}

/** As at an ingest: what the file that lists all keys has, or else the longest file without event times. */
function entityCount({ entity, sources }: Project, tables: Readonly<Record<string, TableFile>>): number {
  if (entity.listedIn !== null) return tables[entity.listedIn]!.rows
  const rows = Object.entries(tables).map(([source, table]) => (sources[source]?.eventTime == null ? table.rows : 0))
  return Math.max(...rows)
}
