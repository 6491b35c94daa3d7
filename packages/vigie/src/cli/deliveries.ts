import { createHash, type Hash } from 'node:crypto'
import { closeSync, createReadStream, existsSync, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { constants, gunzipSync } from 'node:zlib'
import type { Project } from '../define/project.ts'
import { monthEnd } from '../domain/as-of.ts'
import { MANIFEST } from '../domain/delivery/manifest.ts'
import { VigieError } from '../errors.ts'
import type { Delivery } from '../loop/closed-loop.ts'
import type { Approvals } from '../ports/snapshots.ts'

const FOLDER = /^month_(\d{3})(_resent)?$/

/**
 * The deliveries under `dir` in their order: `month_000`, `month_001`, ... end on consecutive month ends from
 * `snapshots.first`. `month_003_resent` is month 3 delivered again, after `month_003`.
 */
export function deliveriesIn(dir: string, project: Project): readonly Delivery[] {
  const isFolder = statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true
  const folders = isFolder ? readdirSync(dir).filter((name) => FOLDER.test(name)) : []
  if (folders.length === 0) {
    throw new VigieError('wrong_use', `${dir} holds no delivered month`, {
      rule: 'a data folder holds month_000, month_001, ... with the files of the definition',
      value: dir,
      hint: 'Give the folder that contains month_000 with --data.',
    })
  }
  return folders.sort().map((name) => ({
    dir: path.resolve(dir, name),
    asOf: monthEnd(project.snapshots.first, Number(FOLDER.exec(name)?.[1])),
    correction: false,
  }))
}

/** The first keys of a delivery, to ask for something that exists. Empty when there is nothing to read, and for Parquet. */
export function firstKeys({ dir }: Delivery, project: Project): readonly string[] {
  const source = path.join(dir, project.entity.listedIn ?? project.label.from)
  const head = (textHead(`${source}.csv`) ?? unzipped(`${source}.csv.gz`) ?? '').replace(/^\ufeff/, '').split(/\r?\n/)
  const column = head[0]?.split(',').indexOf(project.entity.key) ?? -1
  if (column < 0) return []
  // the last line of the piece may be cut, and a quoted key may hold a comma
  const plain = head.slice(1, -1).filter((row) => !row.includes('"'))
  return plain.flatMap((row) => row.split(',')[column] ?? [])
}

function textHead(file: string): string | null {
  return readHead(file)?.toString('utf8') ?? null
}

/** The text at the beginning of a gzip file, of which only the beginning is read. */
function unzipped(file: string): string | null {
  const head = readHead(file)
  if (head === null) return null
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8', 0, HEAD)
  } catch (error) {
    // no gzip file: what is wrong with it is for ingest to say
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) return null
    throw error
  }
}

const HEAD = 4096

function readHead(file: string): Buffer | null {
  if (!existsSync(file)) return null
  const bytes = Buffer.alloc(HEAD)
  const handle = openSync(file, 'r')
  try {
    return bytes.subarray(0, readSync(handle, bytes))
  } finally {
    closeSync(handle)
  }
}

/**
 * Names one delivery by what is in it, so that its run is the same run after a crash or a second start, and another one
 * when the content differs. What was held is another run once it is approved: with the flag, or, as `recorded` says, by
 * somebody else before.
 */
export async function runId(
  flow: string,
  delivery: Delivery,
  project: Project,
  recorded: Approvals | null = null,
): Promise<string> {
  const hash = createHash('sha256').update(delivery.correction ? 'correction' : 'delivery')
  const approvals = delivery.approvals ?? recorded
  for (const code of [...(approvals?.codes ?? [])].sort()) hash.update(` ${code}`)
  const isFolder = statSync(delivery.dir, { throwIfNoEntry: false })?.isDirectory() === true
  const names = isFolder ? readdirSync(delivery.dir).sort() : []
  for (const source of Object.keys(project.sources).sort()) {
    hash.update(`\n${source}\n`)
    await addFile(hash, path.join(delivery.dir, `${source}.csv`))
    // the other forms of a file, and archives of it, which are refused as long as they are there
    const others = names.filter((name) => name.startsWith(`${source}.`) && name !== `${source}.csv`)
    for (const name of others) {
      hash.update(`\n${name}\n`)
      await addFile(hash, path.join(delivery.dir, name))
    }
  }
  if (names.includes(MANIFEST)) await addFile(hash.update(`\n${MANIFEST}\n`), path.join(delivery.dir, MANIFEST))
  return `${flow}-${delivery.asOf}-${hash.digest('hex').slice(0, 12)}`
}

async function addFile(hash: Hash, file: string): Promise<void> {
  // what is missing or no ordinary file is for ingest to refuse; opening a pipe here would wait for ever
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile()) await pipeline(createReadStream(file), hash, { end: false })
}
