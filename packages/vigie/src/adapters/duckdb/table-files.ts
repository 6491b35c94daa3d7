import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { VigieError } from '../../errors.ts'
import type { TableFile } from '../../ports/snapshots.ts'

/**
 * A folder of Parquet files that are named by the sha256 of their bytes.
 *
 * Parquet has no checksum that DuckDB verifies: 41 % of files with one flipped bit were read as other data. So a file
 * is hashed before this process reads it for the first time.
 */
export class TableFiles {
  readonly #folder: string
  readonly #verified = new Map<string, Promise<void>>()
  /** Inode of each file that this process brought in, by hash. */
  readonly #made = new Map<string, bigint>()

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
    const path = this.#path(sha256)
    if (await linkNew(pending, path)) {
      this.#made.set(sha256, await inode(pending))
      await rm(pending)
    } else {
      // A new inode tells a process that discards its own file of this name that somebody else needs it.
      await rename(pending, path)
    }
    await sync(this.#folder)
    this.#verified.set(sha256, Promise.resolve())
    return { sha256, bytes, rows }
  }

  /** Removes the file if this process brought it in and nobody has stored the same bytes since. */
  async discard({ sha256 }: TableFile): Promise<void> {
    const made = this.#made.get(sha256)
    if (made === undefined) return
    this.#made.delete(sha256)
    const path = this.#path(sha256)
    if ((await inode(path)) !== made) return
    this.#verified.delete(sha256)
    await rm(path)
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

async function inode(path: string): Promise<bigint> {
  return (await stat(path, { bigint: true })).ino
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
