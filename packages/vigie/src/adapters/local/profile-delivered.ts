import { readdirSync } from 'node:fs'
import path from 'node:path'
import { type FileProfile, FileProfiler } from '../../domain/proposal/file-profile.ts'
import type { Tasks } from '../../ports/compute.ts'
import { openDelivered, reading } from './delivered-file.ts'
import { HEAD, refuseMismatch } from './delivery/content.ts'
import { Gunzip } from './delivery/gunzip.ts'

/** Bytes read at a time: as at an ingest, larger than any field. */
const CHUNK = 1 << 18
/** Most bytes of a text, as at an ingest. */
const MOST_BYTES = 100e9
const ENDING = /\.csv(\.gz)?$/

/** A file of a delivery of which nothing is known yet. */
export interface UnknownFile {
  readonly file: string
  /** File name without its ending. */
  readonly name: string
}

/** The CSV files in `dir`, gzipped or not, by name; and what else is there. */
export function filesToProfile(dir: string): {
  readonly files: readonly UnknownFile[]
  readonly others: readonly string[]
} {
  const names = readdirSync(dir, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]))
  const files = names.filter((name) => ENDING.test(name)).sort()
  return {
    files: files.map((name) => ({ file: path.join(dir, name), name: name.replace(ENDING, '') })),
    others: names.filter((name) => !ENDING.test(name)).sort(),
  }
}

/** Reads a whole file: see `FileProfiler`. In a worker thread. */
export async function profileFile({ file, name, keys }: Tasks['profileFile']['input']): Promise<FileProfile> {
  const profiler = new FileProfiler(name, path.basename(file), keys)
  await readDelivered(file, (chunk) => {
    profiler.push(chunk)
    return true
  })
  return profiler.end()
}

/** The column names of a file; reads no more than its beginning. */
export async function headerOf({ file, name }: UnknownFile): Promise<readonly string[]> {
  const profiler = new FileProfiler(name, path.basename(file), [])
  await readDelivered(file, (chunk) => {
    profiler.push(chunk)
    return profiler.header === null
  })
  return profiler.header ?? profiler.end().columns.map((column) => column.name)
}

/** The text of a CSV file, packed or not, in chunks, until `take` has had enough and says false. */
export async function readDelivered(file: string, take: (chunk: Uint8Array) => boolean): Promise<void> {
  const delivered = await openDelivered(file)
  const isPacked = file.endsWith('.gz')
  let wanted = true
  const gunzip = new Gunzip(path.basename(file), { size: delivered.size, maxBytes: MOST_BYTES }, async (piece) => {
    if (wanted) wanted = take(piece)
  })
  try {
    const chunks = delivered.handle.createReadStream({ highWaterMark: CHUNK, autoClose: false })
    await reading(file, async () => {
      let begun = false
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        if (!begun) refuseMismatch(chunk.subarray(0, HEAD), isPacked ? 'csv.gz' : 'csv', path.basename(file))
        begun = true
        if (isPacked) await gunzip.push(chunk)
        else wanted = take(chunk)
        if (!wanted) return
      }
      if (isPacked) await gunzip.end()
    })
  } finally {
    gunzip.close()
    await delivered.handle.close()
  }
}
