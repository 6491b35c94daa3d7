import { readdirSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type FileProfile, FileProfiler } from '../../domain/proposal/file-profile.ts'
import { VigieError } from '../../errors.ts'
import type { Tasks } from '../../ports/compute.ts'
import { openDelivered, reading } from './delivered-file.ts'

/** Bytes read at a time: as at an ingest, larger than any field. */
const CHUNK = 1 << 18
/** Decoded bytes for each delivered one; text compresses 5 to 20 times. */
const MOST_RATIO = 100
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

/** Decoded chunks in their order, until `take` has had enough and says false. */
async function readDelivered(file: string, take: (chunk: Uint8Array) => boolean): Promise<void> {
  const delivered = await openDelivered(file)
  try {
    const raw = delivered.handle.createReadStream({ highWaterMark: CHUNK, autoClose: false })
    const decoded = file.endsWith('.gz') ? gunzipped(raw, file, delivered.size) : raw
    await reading(file, async () => {
      for await (const chunk of decoded) if (!take(chunk as Uint8Array)) break
    })
  } finally {
    await delivered.handle.close()
  }
}

function gunzipped(raw: Readable, file: string, size: number): AsyncIterable<Uint8Array> {
  const name = path.basename(file)
  return Readable.from(
    (async function* decode() {
      const gunzip = createGunzip({ chunkSize: CHUNK })
      raw.on('error', (error) => gunzip.destroy(error)).pipe(gunzip)
      let bytes = 0
      try {
        for await (const chunk of gunzip) {
          bytes += (chunk as Uint8Array).length
          if (bytes > CHUNK + MOST_RATIO * size) throw tooDense(name, bytes, size)
          yield chunk as Uint8Array
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw notGzip(name, error)
        throw error
      }
    })(),
  )
}

function tooDense(name: string, bytes: number, size: number): VigieError {
  return new VigieError('decompression_limit', `${name} decodes to more than ${MOST_RATIO} times its size`, {
    rule: `a compressed file decodes to at most ${MOST_RATIO} times its size`,
    value: `more than ${bytes} bytes from ${size}`,
    file: name,
  })
}

function notGzip(name: string, cause: unknown): VigieError {
  return new VigieError('archive_corrupt', `${name} is no whole gzip file`, {
    rule: 'a file called .gz is one in the gzip format, complete',
    value: String((cause as Error).message),
    file: name,
    cause,
  })
}
