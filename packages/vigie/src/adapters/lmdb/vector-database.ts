import { open, type RootDatabase } from 'lmdb'
import type { Layout } from './layout.ts'

/**
 * Holds a record under the name of each view and a vector under each `view NUL key`.
 *
 * One database for all views: a sub-database for each was hardly faster to read (3.5 us against 4.2 us for 4 views), and
 * a reader would have to write, and so to wait for the writer, before it could open one that is new.
 */
export type VectorDatabase = RootDatabase<Uint8Array, string>

/** What is known about one view. */
export interface ViewRecord extends Layout {
  /** Number of vectors. */
  readonly entities: number
  /** Latest known_at that was written, in microseconds, for each as_of in days. */
  readonly written: readonly (readonly [asOfDays: number, knownAtMicros: number])[]
}

export function openDatabase(file: string): VectorDatabase {
  return open<Uint8Array, string>({ path: file, noSubdir: true, encoding: 'binary' })
}

/** Names of views hold no NUL, so no key can reach into another view. */
export function vectorKey(view: string, key: string): string {
  return `${view}\0${key}`
}

export function viewRecord(database: VectorDatabase, view: string): ViewRecord | null {
  const bytes = database.getBinary(view)
  return bytes ? (JSON.parse(bytes.toString()) as ViewRecord) : null
}

export function putViewRecord(database: VectorDatabase, view: string, record: ViewRecord): void {
  database.putSync(view, Buffer.from(JSON.stringify(record)))
}

/** Keys of all vectors of a view, with their bytes. */
export function vectorsOf(database: VectorDatabase, view: string): Iterable<{ key: string; value: Uint8Array }> {
  return database.getRange({ start: `${view}\0`, end: `${view}\x01` })
}

/**
 * Reads vectors without a copy: what it returns is good until the next read. LMDB fills one buffer over and over, so
 * one view of it serves all reads.
 */
export function vectorReader(database: VectorDatabase): (key: string) => DataView | undefined {
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
