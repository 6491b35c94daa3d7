import { type FileHandle, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { OnlineRequest } from '../../ports/online-store.ts'
import type { Served, ServedBatch, ServedVectors } from '../../ports/served-vectors.ts'
import { type BatchBuffer, emptyBatch, MAGIC, parseSegment, putRequest, putRow, sealed } from './vector-segment.ts'

export interface VectorLogOptions {
  /** Folder of the segments of all programs. Made by the first that keeps a vector. */
  readonly folder: string
  /** Of all segments together. The oldest are deleted. */
  readonly maxBytes?: number
  readonly segmentBytes?: number
}

/** Twice this is held in memory: a second of ten thousand requests is less than two megabytes. */
const BATCH_BYTES = 2 ** 21
const FLUSH_MS = 1000
const SUFFIX = '.vectors'
/** Of this process, so that no two logs of it write to one file. */
let segmentsMade = 0

/**
 * Vectors that were served, in segment files of at most a few megabytes. They are gathered in memory and written once a
 * second, so a killed program loses at most that. The files hold keys of entities: only their owner may read them.
 */
export function localVectorLog(options: VectorLogOptions): ServedVectors {
  return new VectorLog({ maxBytes: 2 ** 26, segmentBytes: 2 ** 23, ...options })
}

class VectorLog implements ServedVectors {
  readonly #options: Required<VectorLogOptions>
  #filling: BatchBuffer | null = null
  /** Empty, for when the other is being written. */
  #spare: BatchBuffer | null = null
  /** Numbers of the requests that the segment has. */
  #requests = new Map<OnlineRequest, number>()
  #segment: { file: string; bytes: number } | null = null
  #handle: { readonly file: string; readonly open: FileHandle } | null = null
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> | null = null
  #dropped = 0

  constructor(options: Required<VectorLogOptions>) {
    this.#options = options
  }

  append(request: OnlineRequest, served: Served): void {
    if (this.#put(request, served)) return
    // Full: it goes on in the other buffer, unless that is still being written.
    if (this.#writing === null) {
      this.#write()
      if (this.#put(request, served)) return
    }
    this.#dropped++
  }

  dropped(): number {
    return this.#dropped
  }

  async flush(): Promise<void> {
    while (this.#writing !== null || (this.#filling?.rows ?? 0) > 0) {
      if (this.#writing === null) this.#write()
      await this.#writing
    }
  }

  async *newest(limit: number): AsyncIterable<ServedBatch> {
    let wanted = limit
    for (const file of (await segments(this.#options.folder)).reverse()) {
      const bytes = await readFile(file).catch(ifGone)
      if (bytes === null) continue
      for (const { request, rows } of parseSegment(bytes).toReversed()) {
        const newest = rows.slice(-wanted)
        if (newest.length > 0) yield { request, rows: newest }
        wanted -= newest.length
        if (wanted <= 0) return
      }
    }
  }

  async close(): Promise<void> {
    await this.flush()
    if (this.#timer) clearTimeout(this.#timer)
    await this.#handle?.open.close()
    this.#handle = null
  }

  #put(request: OnlineRequest, served: Served): boolean {
    this.#filling ??= emptyBatch(BATCH_BYTES)
    this.#segment ??= this.#newSegment()
    let number = this.#requests.get(request)
    if (number === undefined) {
      if (!putRequest(this.#filling, request)) return false
      number = this.#requests.size
      this.#requests.set(request, number)
    }
    if (!putRow(this.#filling, number, served)) return false
    if (this.#timer === null) {
      this.#timer = setTimeout(() => {
        this.#timer = null
        if (this.#writing === null) this.#write()
      }, FLUSH_MS)
      this.#timer.unref()
    }
    return true
  }

  #newSegment() {
    this.#requests = new Map()
    const name = `${String(Date.now()).padStart(15, '0')}-${process.pid}-${segmentsMade++}${SUFFIX}`
    return { file: path.join(this.#options.folder, name), bytes: 0 }
  }

  /** Starts to write what was gathered. Only while nothing is being written. */
  #write(): void {
    const batch = this.#filling
    const segment = this.#segment
    if (!batch || !segment || batch.rows === 0) return
    this.#filling = this.#spare
    this.#spare = null
    const bytes = sealed(batch)
    segment.bytes += bytes.length
    if (segment.bytes >= this.#options.segmentBytes) this.#segment = null
    this.#writing = this.#appendTo(segment.file, bytes)
      .catch(() => {
        this.#dropped += batch.rows
        this.#abandon(segment)
      })
      .then(() => {
        batch.end = emptyBatch(0).end
        batch.rows = 0
        this.#spare = batch
        this.#writing = null
        // What came meanwhile waits for its own second, which may have passed.
        if (this.#timer === null && (this.#filling?.rows ?? 0) > 0) this.#write()
      })
  }

  /** After a failed write the segment ends in nobody knows what, and what was meant to follow cannot be read there. */
  #abandon(segment: { readonly file: string }): void {
    if (this.#segment !== segment) return
    this.#dropped += this.#filling?.rows ?? 0
    this.#filling = null
    this.#segment = null
  }

  async #appendTo(file: string, bytes: Buffer): Promise<void> {
    if (this.#handle?.file !== file) {
      await this.#handle?.open.close()
      this.#handle = null
      await mkdir(this.#options.folder, { recursive: true, mode: 0o700 })
      await this.#removeOldest()
      this.#handle = { file, open: await open(file, 'ax', 0o600) }
      await this.#handle.open.writeFile(MAGIC)
    }
    await this.#handle.open.writeFile(bytes)
  }

  async #removeOldest(): Promise<void> {
    const { folder, maxBytes, segmentBytes } = this.#options
    const files = await segments(folder)
    const sizes = await Promise.all(files.map(async (file) => (await stat(file).catch(ifGone))?.size ?? 0))
    let total = sizes.reduce((sum, size) => sum + size, 0)
    for (const [i, file] of files.entries()) {
      if (total + segmentBytes <= maxBytes) return
      await rm(file, { force: true })
      total -= sizes[i]!
    }
  }
}

/** Oldest first. */
async function segments(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(ifGone)) ?? []
  return names
    .filter((name) => name.endsWith(SUFFIX))
    .sort()
    .map((name) => path.join(folder, name))
}

/** Another program may delete a segment at any time. */
function ifGone(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
  throw error
}
