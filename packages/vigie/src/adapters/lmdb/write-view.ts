import type { FeatureSpec } from '../../domain/feature-spec.ts'
import { VigieError } from '../../errors.ts'
import type { OnlineWrite, Written } from '../../ports/online-store.ts'
import { layoutOf, outdated } from './layout.ts'
import { type PackedKeys, packedKey } from './packed-keys.ts'
import { HEADER_BYTES, isNewer, isOnlineOnly, vectorBytes, writeHeader, writeTimes } from './vector.ts'
import {
  countVectors,
  nextStamp,
  putVersion,
  putViewRecord,
  removeView,
  type VectorDatabase,
  vectorReader,
  vectorsOf,
  versionsOf,
  viewRecord,
} from './vector-database.ts'

/** `OnlineRows` on their way to another thread. */
export interface PackedRows {
  readonly spec: FeatureSpec
  /** As the database has them, with the view in front. */
  readonly keys: PackedKeys
  readonly columns: readonly Float64Array[]
  readonly eventTimes: Float64Array
  readonly knownTimes: Float64Array
}

/** Writes one view inside a transaction of the caller, as the port says. */
export function writeView(
  database: VectorDatabase,
  view: string,
  rows: PackedRows,
  { mode, versions }: OnlineWrite,
): Written {
  const stranger = rows.spec.find((feature) => feature.view !== view)
  if (stranger) {
    throw new VigieError('internal', `"${stranger.name}" is no feature of view "${view}"`, { value: stranger.name })
  }
  const layout = layoutOf(rows.spec)
  const stored = viewRecord(database, view)
  const sameLayout = stored?.id === layout.id
  if (mode === 'merge' && stored && !sameLayout) {
    throw outdated(`the online store holds view "${view}" under another definition`, view)
  }
  const kept = sameLayout && mode !== 'rebuild' ? stored : null
  const before = kept ? versionsOf(database, view) : new Map<string, number>()
  const named = new Set(versions)
  if (mode === 'replace' && [...before.keys()].some((id) => !named.has(id))) return { changed: 0, outrun: true }
  if (mode === 'merge' && versions.some((id) => before.has(id))) {
    // A correction may have come with it, and what that took back stays gone.
    return { changed: 0, outrun: !versions.every((id) => before.has(id)) }
  }

  if (stored && !kept) removeView(database, view)
  const there = kept?.entities ?? 0
  const count = rows.eventTimes.length
  const unseen = unseenRows(rows, mode === 'merge' ? kept : null)
  const written = put(database, rows, {
    layout: layout.id,
    overwrite: mode !== 'merge',
    onlineOnly: versions.length === 0,
    compare: there > 0 && !unseen,
  })
  // Who is there in no row of a view that becomes these rows.
  const absent = mode === 'replace' ? there - (count - written.added) : 0
  const withdrawn = absent > 0 ? withdraw(database, view, rows.keys) : 0
  const changed = written.changed + withdrawn
  const fresh = [...named].filter((id) => !before.has(id))
  if (kept && changed === 0 && fresh.length === 0) return { changed, outrun: false }

  const stamp = nextStamp(database)
  for (const id of fresh) putVersion(database, view, id, stamp)
  putViewRecord(database, view, {
    ...layout,
    entities: unseen ? countVectors(database, view) : there + written.added - withdrawn,
    since: kept?.since ?? stamp,
    newest: rows.eventTimes.reduce((latest, time) => Math.max(latest, time), kept?.newest ?? Number.MIN_SAFE_INTEGER),
  })
  return { changed, outrun: false }
}

/**
 * True when nothing in the view can be newer than any of these rows, so that none needs to be compared: a new month.
 * To count the vectors afterwards is a tenth of the work of reading them, but of all of them.
 */
function unseenRows({ eventTimes }: PackedRows, kept: { readonly entities: number; readonly newest: number } | null) {
  if (!kept || kept.entities > 4 * eventTimes.length) return false
  return eventTimes.every((time) => time > kept.newest)
}

function put(
  database: VectorDatabase,
  rows: PackedRows,
  how: {
    readonly layout: number
    /** Whether rows replace what is newer as well, unless that was written online only. */
    readonly overwrite: boolean
    readonly onlineOnly: boolean
    readonly compare: boolean
  },
): { readonly changed: number; readonly added: number } {
  const { layout, overwrite, onlineOnly, compare } = how
  const { keys, columns, eventTimes, knownTimes } = rows
  const get = vectorReader(database)
  const vector = new DataView(new ArrayBuffer(vectorBytes(columns.length)))
  const bytes = Buffer.from(vector.buffer)
  writeHeader(vector, layout, onlineOnly)
  let changed = 0
  let added = 0
  for (let row = 0; row < eventTimes.length; row++) {
    const key = packedKey(keys, row)
    const eventTime = eventTimes[row]!
    const knownTime = knownTimes[row]!
    const before = compare ? get(key) : undefined
    if (before && isNewer(before, eventTime, knownTime) && !(overwrite && !isOnlineOnly(before))) continue
    writeTimes(vector, eventTime, knownTime)
    for (let i = 0; i < columns.length; i++) vector.setFloat64(HEADER_BYTES + 8 * i, columns[i]![row]!, true)
    if (before && bytes.compare(new Uint8Array(before.buffer, before.byteOffset, bytes.length)) === 0) continue
    database.putSync(key, bytes)
    changed++
    if (!before) added++
  }
  return { changed, added }
}

/** Removes the vectors of all keys but these. What was written online only has no version that could withdraw it. */
function withdraw(database: VectorDatabase, view: string, keys: PackedKeys): number {
  const text = (key: Uint8Array) => Buffer.from(key.buffer, key.byteOffset, key.length).toString()
  const here = new Set<string>()
  for (let row = 0; row < keys.starts.length - 1; row++) here.add(text(packedKey(keys, row)))
  const gone: Uint8Array[] = []
  for (const { key, value } of vectorsOf(database, view)) {
    if (here.has(text(key))) continue
    if (!isOnlineOnly(new DataView(value.buffer, value.byteOffset))) gone.push(key)
  }
  for (const key of gone) database.removeSync(key)
  return gone.length
}
