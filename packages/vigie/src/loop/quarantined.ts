import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { type DeliveredFormat, FORMATS } from '../domain/delivery/formats.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'

/** A file in the quarantine: refused, or taken without some of its rows. */
export interface QuarantinedFile {
  readonly sha256: string
  readonly source: string
  readonly format: DeliveredFormat
  readonly bytes: number
  /** What was wrong with it last. */
  readonly code: string
  readonly message: string
  readonly hint: string
  /** When that was, ISO 8601 in UTC. */
  readonly at: string
  /** Path of the bytes as they were delivered. */
  readonly original: string
  /** Path of a CSV with the rows that were left out; null when the whole file was refused. */
  readonly rows: string | null
  /** All that was written down of it. */
  readonly report: Readonly<Record<string, unknown>>
}

/** Every file of the quarantine, the newest first. */
export async function listQuarantined({ staging }: Pick<Ports, 'staging'>): Promise<readonly QuarantinedFile[]> {
  const folder = path.join(staging, 'quarantine')
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const reports = names.filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
  const files = await Promise.all(reports.map((name) => read(folder, name.slice(0, 64), new Set(names))))
  return files.flatMap((file) => file ?? []).sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
}

/** The file whose sha256 begins with `prefix`. Throws `quarantine_unknown` when none does, or several do. */
export async function quarantined(ports: Pick<Ports, 'staging'>, prefix: string): Promise<QuarantinedFile> {
  const found = (await listQuarantined(ports)).filter(({ sha256 }) => sha256.startsWith(prefix))
  if (found.length === 1 && /^[0-9a-f]{4,64}$/.test(prefix)) return found[0]!
  const what = found.length > 1 ? 'names several files' : 'names no file'
  throw new VigieError('quarantine_unknown', `"${prefix.slice(0, 64)}" ${what} in the quarantine`, {
    rule: 'a file is named by the first digits of its sha256, at least four, as many as tell it from others',
    value: prefix.slice(0, 64),
  })
}

/** Null for what is no whole entry: it is being written, or being dropped. */
async function read(folder: string, sha256: string, names: ReadonlySet<string>): Promise<QuarantinedFile | null> {
  const format = FORMATS.find((each) => names.has(`${sha256}.${each}`))
  if (format === undefined) return null
  const file = path.join(folder, `${sha256}.json`)
  const [text, state] = await Promise.all([readFile(file, 'utf8'), stat(file)])
  const report = JSON.parse(text) as Record<string, unknown>
  const said = (name: string) => (typeof report[name] === 'string' ? report[name] : '')
  return {
    sha256,
    source: said('source') || path.basename(said('file')).replace(/\..*$/, ''),
    format,
    bytes: Number(report.bytes),
    code: said('code'),
    message: said('message'),
    hint: said('hint'),
    at: state.mtime.toISOString(),
    original: path.join(folder, `${sha256}.${format}`),
    rows: names.has(`${sha256}.rows.csv`) ? path.join(folder, `${sha256}.rows.csv`) : null,
    report,
  }
}
