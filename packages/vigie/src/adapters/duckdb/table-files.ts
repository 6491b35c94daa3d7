import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { VigieError } from '../../errors.ts'
import type { TableFile } from '../../ports/snapshots.ts'

interface Kept {
  /** How often it was kept and not discarded since: for good, once a snapshot has it. */
  times: number
  /** Identity of the file if this process brought it in. */
  readonly made: string | null
}

/**
 * A folder of Parquet files that are named by the sha256 of their bytes.
 *
 * Parquet has no checksum that DuckDB verifies: 41 % of files with one flipped bit were read as other data. So a file
 * is hashed before this process reads it for the first time.
 */
export class TableFiles {
  readonly #folder: string
  readonly #verified = new Map<string, Promise<void>>()
  readonly #kept = new Map<string, Kept>()
  /** Files get their names and lose them one after the other, so that nothing changes between a look and an act. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Path for a file that is being written. On the same file system, so that it can be renamed. */
  pending(): string {
    return join(this.#folder, `.${randomUUID()}.parquet`)
  }

  /** Gives a finished file its name, durably. The same bytes again replace themselves. */
  async keep(pending: string, rows: number): Promise<TableFile> {
    const { sha256, bytes } = await hashFile(pending)
    await sync(pending)
    await this.#inTurn(() => this.#name(pending, sha256))
    await sync(this.#folder)
    this.#verified.set(sha256, Promise.resolve())
    return { sha256, bytes, rows }
  }

  /**
   * Undoes one `keep`. The file goes when this process brought it in, has undone every `keep` of the same bytes, and
   * nobody else has stored them since. True when it went.
   */
  discard({ sha256 }: TableFile): Promise<boolean> {
    return this.#inTurn(async () => {
      const kept = this.#kept.get(sha256)
      if (!kept) return false
      kept.times--
      if (kept.times > 0) return false
      this.#kept.delete(sha256)
      const path = this.#path(sha256)
      if (kept.made === null || (await identity(path)) !== kept.made) return false
      this.#verified.delete(sha256)
      await rm(path)
      return true
    })
  }

  async #name(pending: string, sha256: string): Promise<void> {
    const path = this.#path(sha256)
    const own = await identity(pending)
    const kept = this.#kept.get(sha256) ?? { times: 0, made: null }
    const times = kept.times + 1
    if (await linkNew(pending, path)) {
      await rm(pending)
      this.#kept.set(sha256, { times, made: own })
      return
    }
    // Another file of the same bytes tells a process that discards its own that somebody else needs it.
    const isOurs = kept.made === (await identity(path))
    await rename(pending, path)
    this.#kept.set(sha256, { times, made: isOurs ? own : null })
  }

  #inTurn<T>(body: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(body)
    this.#turn = done.catch(() => undefined) // its caller is told
    return done
  }

  /** Path of a file whose bytes are what they were. Throws `table_corrupt`. */
  async path(table: TableFile): Promise<string> {
    let verified = this.#verified.get(table.sha256)
    if (!verified) {
      verified = this.#verify(table)
      this.#verified.set(table.sha256, verified)
      // A restored file must be readable without a restart.
      verified.catch(() => this.#verified.delete(table.sha256))
    }
    await verified
    return this.#path(table.sha256)
  }

  async #verify(table: TableFile): Promise<void> {
    const path = this.#path(table.sha256)
    const corrupt = (message: string, value: string, cause?: unknown) =>
      new VigieError('table_corrupt', message, {
        rule: 'a table file has the sha256 in its name',
        value,
        file: path,
        cause,
      })
    let found: { sha256: string; bytes: number }
    try {
      found = await hashFile(path)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
      throw corrupt('a stored table is not there', table.sha256, cause)
    }
    if (found.bytes !== table.bytes) {
      throw corrupt(`a stored table has ${found.bytes} bytes, not ${table.bytes}`, String(found.bytes))
    }
    if (found.sha256 !== table.sha256) throw corrupt('a stored table holds other bytes', found.sha256)
  }

  #path(sha256: string): string {
    return join(this.#folder, `${sha256}.parquet`)
  }
}

async function hashFile(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest('hex'), bytes }
}

/** Tells one file from another of the same bytes. The inode alone does not: a freed one is soon used again. */
async function identity(path: string): Promise<string> {
  const { ino, mtimeNs } = await stat(path, { bigint: true })
  return `${ino} ${mtimeNs}`
}

async function sync(path: string): Promise<void> {
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** True when `path` did not exist and now is `existing`: of several that try at once one succeeds. */
async function linkNew(existing: string, path: string): Promise<boolean> {
  try {
    await link(existing, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
