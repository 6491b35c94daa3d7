import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TableProfile } from '../../domain/profile/table-profile.ts'

/** Raised when a profile says something else than before: older ones are then made again. */
const FORMAT = 1

/**
 * Profiles as JSON, by the sha256 of their table. The first line is a checksum of the rest, so a damaged file, like one
 * of another format, is one that is not there: whoever asks makes it again.
 */
export class ProfileFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  async read(table: string): Promise<TableProfile | null> {
    const text = await readIfThere(this.#path(table))
    const end = text?.indexOf('\n') ?? -1
    if (!text || end < 0) return null
    const body = text.slice(end + 1)
    if (text.slice(0, end) !== `vigie-profile ${FORMAT} ${checksum(table, body)}`) return null
    return JSON.parse(body) as TableProfile
  }

  async write(table: string, profile: TableProfile): Promise<void> {
    const body = JSON.stringify(profile)
    const pending = join(this.#folder, `.${randomUUID()}.json`)
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    try {
      await writeFile(pending, `vigie-profile ${FORMAT} ${checksum(table, body)}\n${body}`, { mode: 0o600 })
      await rename(pending, this.#path(table))
    } finally {
      await rm(pending, { force: true })
    }
  }

  async remove(table: string): Promise<void> {
    await rm(this.#path(table), { force: true })
  }

  #path(table: string): string {
    return join(this.#folder, `${table}.profile`)
  }
}

/** Of the table too: a profile under another table's name is not its profile. */
function checksum(table: string, body: string): string {
  return createHash('sha256').update(`${table}\n${body}`).digest('hex')
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
