import path from 'node:path'
import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import type { BrokenRule } from '../domain/contract.ts'
import type { GateReading } from '../domain/gates/gate.ts'
import { readGates } from '../domain/gates/read-gates.ts'
import type { TableProfile } from '../domain/profile/table-profile.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { Approvals, Snapshot } from '../ports/snapshots.ts'
import { type ImportedFile, kept } from './check-keys.ts'
import type { Findings } from './findings.ts'

/** One file of a delivery, and what its gates say. */
export interface GatedFile {
  readonly source: string
  readonly profile: TableProfile
  /** The file that it was compared with; null for the first. */
  readonly before: { readonly asOf: AsOf; readonly profile: TableProfile } | null
  readonly readings: readonly GateReading[]
}

interface Gating {
  readonly delivery: {
    readonly dir: string
    readonly asOf: AsOf
    readonly correction: boolean
    readonly approvals: Approvals | null
  }
  readonly imported: ReadonlyMap<string, ImportedFile>
  /** Broken rules of severity `hold` that the checks of keys found. */
  readonly held: readonly BrokenRule[]
  readonly findings: Findings
}

/**
 * Asks the gates of every file and says whose approval takes the delivery in spite of what is broken: null when nothing
 * is. A delivery that is kept back is in the quarantine, file by file.
 *
 * @throws the first broken rule that refuses the delivery, or that keeps it back and is not approved
 */
export async function passGates(
  ports: Pick<Ports, 'snapshots' | 'offline' | 'compute' | 'staging'>,
  project: Project,
  { delivery, imported, held, findings }: Gating,
): Promise<Approvals | null> {
  const gated = await askGates(ports, project, delivery.asOf, imported)
  const checked = Array.from(imported.values(), (file) => file.checked.held)
  const broken = [...checked.flat(), ...held, ...gated.flatMap(({ readings }) => readings.flatMap((r) => r.broken))]
  findings.gated = gated
  findings.broken = broken
  const refusal = refusalOf(broken, delivery, imported)
  if (refusal === null) return approvalsOf(broken, delivery.approvals)
  const sources = [refusal, ...broken].map(({ source }) => source)
  const errors = await Promise.all(
    [...new Set(sources)].map((source) => kept(ports, source, imported.get(source)!, refusal.error)),
  )
  throw errors[0]!
}

async function askGates(
  { snapshots, offline }: Pick<Ports, 'snapshots' | 'offline'>,
  project: Project,
  asOf: AsOf,
  imported: ReadonlyMap<string, ImportedFile>,
): Promise<readonly GatedFile[]> {
  const earlier = (await snapshots.list()).filter((snapshot) => snapshot.asOf < asOf)
  return Promise.all(
    Object.values(project.sources).map(async (contract) => {
      const source = contract.name
      const [profile, before] = await Promise.all([
        offline.profile(imported.get(source)!.table),
        profileBefore(offline, earlier, source),
      ])
      return {
        source,
        profile,
        before,
        readings: readGates(project.gates[source]!, { contract, asOf, profile, before }),
      }
    }),
  )
}

/** Snapshots come by date and version, so the last one is the newest version of the newest date. */
async function profileBefore(
  offline: Ports['offline'],
  earlier: readonly Snapshot[],
  source: string,
): Promise<GatedFile['before']> {
  const snapshot = earlier.findLast(({ tables }) => tables[source])
  return snapshot ? { asOf: snapshot.asOf, profile: await offline.profile(snapshot.tables[source]!) } : null
}

/** Null when nothing is broken, or all of it is approved; else the first rule that is in the way, with its file. */
function refusalOf(
  broken: readonly BrokenRule[],
  delivery: Gating['delivery'],
  imported: Gating['imported'],
): { readonly source: string; readonly error: VigieError } | null {
  const refused = broken.filter(({ severity }) => severity === 'reject')
  const open = broken.filter(({ code }) => !delivery.approvals?.codes.includes(code))
  const [first, ...others] = refused.length > 0 ? refused : open
  if (!first) return null
  const fileOf = ({ source }: BrokenRule) => path.basename(imported.get(source)!.delivered)
  const { code, text, rule, value, source, column, severity, examples } = first
  const line = examples[0]?.line ?? null
  const error = new VigieError(code, `${fileOf(first)}${line === null ? '' : ` line ${line}`}: ${text}`, {
    rule,
    value,
    file: fileOf(first),
    ...(line === null ? {} : { line }),
    ...(column === null ? {} : { column }),
    severity,
    ...(severity === 'hold' ? { hint: approveHint(broken, delivery) } : {}),
    broken,
    ...(others.length === 0
      ? {}
      : { alsoRefused: others.map((other) => ({ code: other.code, message: `${fileOf(other)}: ${other.text}` })) }),
  })
  return { source, error }
}

function approveHint(broken: readonly BrokenRule[], { dir, asOf, correction }: Gating['delivery']): string {
  const flag = correction ? ' --correction' : ''
  const approve = `--as-of ${asOf}${flag} --approve ${codesOf(broken).join(',')}`
  return `Look at the report. If the delivery is right as it is, take it, here or with vigie run: vigie ingest ${dir} ${approve}`
}

function approvalsOf(broken: readonly BrokenRule[], approvals: Approvals | null): Approvals | null {
  const codes = codesOf(broken)
  return approvals === null || codes.length === 0 ? null : { codes, actor: approvals.actor }
}

function codesOf(broken: readonly BrokenRule[]): readonly string[] {
  return [...new Set(broken.map(({ code }) => code))].sort()
}
