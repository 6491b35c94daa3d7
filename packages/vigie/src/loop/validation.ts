import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import { brokenRuleOf } from '../domain/broken-rule.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { BrokenRule } from '../domain/contract.ts'
import type { ColumnProfile } from '../domain/profile/table-profile.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { Snapshot } from '../ports/snapshots.ts'
import type { ReportedFile, ValidationReport, Verdict } from '../report/validation/model.ts'
import { renderHtml, renderJson } from '../report/validation/render.ts'
import { VERSION } from '../version.ts'
import type { CheckEnd, Findings } from './findings.ts'
import { isRefusal } from './rejection.ts'

type ReportPorts = Pick<Ports, 'reports' | 'compute' | 'staging'>

/**
 * Writes the report of a delivery that was taken, and returns its path. One that was known before keeps the report that
 * it has: this time its files were not imported, so there is less to tell.
 */
export async function reportTaken(
  ports: ReportPorts,
  project: Project,
  { snapshot, known, findings }: { readonly snapshot: Snapshot; readonly known: boolean; readonly findings: Findings },
): Promise<string> {
  const { id, version, knownAt, rows, approvals, asOf } = snapshot
  const delivery = deliveryName(findings, null)
  const name = { kind: 'validation', asOf, delivery } as const
  const before = known ? await ports.reports.find(name) : null
  if (before) return before.html
  return save(ports, {
    project: project.name,
    asOf,
    delivery,
    verdict: 'accepted',
    refusal: null,
    snapshot: { id, version, knownAt, rows },
    approvals,
    files: await Promise.all(findings.checks.map((end) => reportedFile(ports, project, end, findings, null))),
    generatedBy: `vigie ${VERSION}`,
  })
}

/**
 * Writes the report of a delivery that was refused or kept back, and returns the error with the report's path among its
 * details. Errors that say nothing of the delivery are returned as they are.
 */
export async function reportRefused(
  ports: ReportPorts,
  project: Project,
  { asOf, error, findings }: { readonly asOf: AsOf; readonly error: unknown; readonly findings: Findings },
): Promise<unknown> {
  if (!isRefusal(error) || error.code === 'table_corrupt') return error
  const { code, message, hint, details } = error
  const files = await Promise.all(findings.checks.map((end) => reportedFile(ports, project, end, findings, error)))
  const report = await save(ports, {
    project: project.name,
    asOf,
    delivery: deliveryName(findings, error),
    verdict: details.severity === 'hold' ? 'held' : 'refused',
    refusal: { code, message, hint },
    snapshot: null,
    approvals: null,
    files,
    generatedBy: `vigie ${VERSION}`,
  })
  return new VigieError(code, message, { ...details, hint, report, cause: error })
}

async function save({ reports }: ReportPorts, report: ValidationReport): Promise<string> {
  const { asOf, delivery } = report
  const forms = { html: renderHtml(report), json: renderJson(report) }
  return (await reports.save({ kind: 'validation', asOf, delivery }, forms)).html
}

/** Names a delivery by what its files hold, also when some are missing, cannot be read or were not looked at. */
function deliveryName({ checks }: Findings, error: VigieError | null): string {
  const contents = checks.map(({ source, checked, refusal }) => [
    source,
    checked?.content ?? hashOf(refusal) ?? refusal?.code ?? null,
  ])
  const named = checks.length > 0 ? Object.fromEntries(contents) : { refused: error?.message ?? '' }
  return createHash('sha256').update(canonicalJson(named)).digest('hex').slice(0, 12)
}

/** A refused file is kept under its sha256. */
function hashOf(refusal: VigieError | null): string | null {
  const { quarantined } = refusal?.details ?? {}
  return typeof quarantined === 'string' ? path.basename(quarantined).slice(0, 64) : null
}

async function reportedFile(
  ports: ReportPorts,
  project: Project,
  { source, checked, refusal }: CheckEnd,
  findings: Findings,
  error: VigieError | null,
): Promise<ReportedFile> {
  const broken = brokenOf(source, refusal, findings, error)
  const gated = findings.gated.find((file) => file.source === source)
  const leftOut = checked?.leftOut ?? []
  const named = new Set([...broken, ...leftOut].map(({ column }) => column))
  const isNamed = ({ name }: ColumnProfile) => named.has(name)
  return {
    source,
    file: checked ? `${source}.${checked.format}` : (refusal?.details.file ?? `${source}.csv`),
    verdict: verdictOf(broken, error),
    ...(checked
      ? { bytes: checked.bytes, sha256: checked.sha256 }
      : { bytes: await sizeOf(refusal), sha256: hashOf(refusal) }),
    rows: checked && {
      accepted: checked.rows,
      quarantined: checked.quarantined,
      total: checked.rows + checked.quarantined,
    },
    notes: notesOf(checked),
    broken,
    leftOut,
    asked: askedOf(source, checked !== null, gated),
    before: gated?.before ? { asOf: gated.before.asOf, rows: gated.before.profile.rows } : null,
    columns: gated ? gated.profile.columns : await sketched(ports, project, source, refusal ?? error, broken),
    columnsBefore: gated?.before ? gated.before.profile.columns.filter(isNamed) : [],
  }
}

/** Rules about keys are found when all files are read, and told by the error alone. */
function brokenOf(
  source: string,
  refusal: VigieError | null,
  { broken }: Findings,
  error: VigieError | null,
): readonly BrokenRule[] {
  if (refusal) return told(refusal) ?? [brokenRuleOf(source, refusal)]
  const known = broken.length > 0 ? broken : error ? (told(error) ?? []) : []
  return known.filter((rule) => rule.source === source)
}

function told({ details }: VigieError): readonly BrokenRule[] | null {
  return Array.isArray(details.broken) ? (details.broken as readonly BrokenRule[]) : null
}

function verdictOf(broken: readonly BrokenRule[], error: VigieError | null): Verdict {
  if (error === null || broken.length === 0) return 'accepted'
  return broken.some(({ severity }) => severity === 'reject') ? 'refused' : 'held'
}

function notesOf(checked: CheckEnd['checked']): readonly string[] {
  if (!checked) return []
  return [
    ...(checked.bom ? ['begins with a byte-order mark, which was left out'] : []),
    ...(checked.format === 'csv' ? [] : [`delivered as ${checked.format === 'csv.gz' ? 'gzip' : 'Parquet'}`]),
  ]
}

function askedOf(source: string, isRead: boolean, gated: Findings['gated'][number] | undefined): ReportedFile['asked'] {
  const contract = isRead
    ? [{ rule: `every byte and value of ${source} is what the definition says`, unasked: null }]
    : []
  const passed = gated?.readings.filter(({ broken }) => broken.length === 0) ?? []
  return [...contract, ...passed.map(({ rule, unasked }) => ({ rule, unasked }))]
}

async function sizeOf(refusal: VigieError | null): Promise<number | null> {
  const { quarantined } = refusal?.details ?? {}
  if (typeof quarantined !== 'string') return null
  return (await stat(quarantined).catch(() => null))?.size ?? null
}

/** The columns with broken rules of a file that never became a table, keys apart: each of them is another text. */
async function sketched(
  { compute }: ReportPorts,
  project: Project,
  source: string,
  error: VigieError | null,
  broken: readonly BrokenRule[],
): Promise<readonly ColumnProfile[]> {
  const quarantined = error?.details.quarantined
  const contract = project.sources[source]!
  const columns = [
    ...new Set(broken.flatMap(({ column }) => (column === null || column === contract.key ? [] : [column]))),
  ]
  if (columns.length === 0 || typeof quarantined !== 'string') return []
  return compute.run('sketchColumns', { file: quarantined, contract, columns })
}
