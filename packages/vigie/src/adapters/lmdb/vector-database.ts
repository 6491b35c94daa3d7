import { open, type RootDatabase } from 'lmdb'
import type { Layout } from './layout.ts'

/**
 * Holds a record under the name of each view, a vector under each `view NUL key`, and under each `view SOH version` the
 * stamp of the write that brought that version.
 *
 * One database for all views: a sub-database for each was hardly faster to read (3.5 us against 4.2 us for 4 views), and
 * a reader would have to write, and so to wait for the writer, before it could open one that is new.
 */
export type VectorDatabase = RootDatabase<Uint8Array, Uint8Array>

/** What is known about one view. */
export interface ViewRecord extends Layout {
  /** Number of vectors. */
  readonly entities: number
  /** Stamp of the write that began the view. */
  readonly since: number
  /** No vector is of a later event, in microseconds. */
  readonly newest: number
}

/** No view has a name with a space. */
const STAMP = Buffer.from('last stamp')

/** Keys are UTF-8 as it is: lmdb's own encoding of texts sorts long ones apart from short ones with the same beginning. */
export function openDatabase(file: string): VectorDatabase {
  return open<Uint8Array, Uint8Array>({ path: file, noSubdir: true, encoding: 'binary', keyEncoding: 'binary' })
}

/** Names of views hold no NUL, so no key can reach into another view. */
export function vectorPrefix(view: string): string {
  return `${view}\0`
}

export function vectorKey(view: string, key: string): Uint8Array {
  return Buffer.from(vectorPrefix(view) + key)
}

/** What follows the name of the view and one byte in a stored key. */
export function keyIn(view: string, stored: Uint8Array): string {
  return Buffer.from(stored.buffer, stored.byteOffset, stored.length).toString('utf8', view.length + 1)
}

/** Older formats lack some of it: look at `format` first. */
export function viewRecord(database: VectorDatabase, view: string): ViewRecord | null {
  const bytes = database.getBinary(Buffer.from(view))
  return bytes ? (JSON.parse(bytes.toString()) as ViewRecord) : null
}

export function putViewRecord(database: VectorDatabase, view: string, record: ViewRecord): void {
  database.putSync(Buffer.from(view), Buffer.from(JSON.stringify(record)))
}

/** Keys of all vectors of a view, with their bytes. */
export function vectorsOf(database: VectorDatabase, view: string): Iterable<{ key: Uint8Array; value: Uint8Array }> {
  return database.getRange(between(view, '\0', '\x01'))
}

/** Keys of entities, in the order in which they are stored, after `after`. */
export function keysOf(database: VectorDatabase, view: string, limit: number, after?: string): string[] {
  const range = { ...between(view, `\0${after ?? ''}`, '\x01'), limit: limit + 1 }
  const keys = Array.from(database.getKeys(range), (stored) => keyIn(view, stored))
  return keys.filter((key) => key !== after).slice(0, limit)
}

export function countVectors(database: VectorDatabase, view: string): number {
  return database.getKeysCount(between(view, '\0', '\x01'))
}

export function versionsOf(database: VectorDatabase, view: string): Map<string, number> {
  const versions = new Map<string, number>()
  for (const { key, value } of database.getRange(between(view, '\x01', '\x02'))) {
    versions.set(keyIn(view, key), Buffer.from(value).readDoubleLE())
  }
  return versions
}

export function putVersion(database: VectorDatabase, view: string, version: string, stamp: number): void {
  database.putSync(Buffer.from(`${view}\x01${version}`), float64(stamp))
}

/** Everything of a view but its record. Older formats wrote keys with an escape, 4. */
export function removeView(database: VectorDatabase, view: string): void {
  const keys = [...database.getKeys(between(view, '\0', '\x05'))]
  for (const key of keys) database.removeSync(key)
}

function between(view: string, from: string, to: string) {
  return { start: Buffer.from(view + from), end: Buffer.from(view + to) }
}

export function lastStamp(database: VectorDatabase): number {
  return database.getBinary(STAMP)?.readDoubleLE() ?? 0
}

/** Later than every stamp before, also of a store that was deleted in the meantime. */
export function nextStamp(database: VectorDatabase): number {
  const stamp = Math.max(lastStamp(database) + 1, Date.now() * 1000)
  database.putSync(STAMP, float64(stamp))
  return stamp
}

function float64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}

/**
 * Reads vectors without a copy: what it returns is good until the next read. LMDB fills one buffer over and over, so
 * one view of it serves all reads.
 */
export function vectorReader(database: VectorDatabase): (key: Uint8Array) => DataView | undefined {
  let buffer: Uint8Array | undefined
  let view: DataView = new DataView(new ArrayBuffer(0))
  return (key) => {
    const bytes = database.getBinaryFast(key)
    if (bytes === undefined) return undefined
    if (bytes !== buffer) {
      buffer = bytes
      view = new DataView(bytes.buffer, bytes.byteOffset)
    }
    return view
  }
}
