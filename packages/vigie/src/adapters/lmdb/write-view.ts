import { VigieError } from '../../errors.ts'
import type { OnlineRows, OnlineWrite, Written } from '../../ports/online-store.ts'
import { layoutOf, outdated } from './layout.ts'
import { HEADER_BYTES, isNewer, isOnlineOnly, vectorBytes, writeHeader, writeTimes } from './vector.ts'
import {
  keyIn,
  nextStamp,
  putVersion,
  putViewRecord,
  removeView,
  type VectorDatabase,
  vectorKey,
  vectorReader,
  vectorsOf,
  versionsOf,
  viewRecord,
} from './vector-database.ts'

/** Writes one view inside a transaction of the caller, as the port says. */
export function writeView(
  database: VectorDatabase,
  view: string,
  rows: OnlineRows,
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

  if (stored && !kept) removeView(database, view)
  const written = put(database, view, rows, {
    layout: layout.id,
    overwrite: mode !== 'merge',
    onlineOnly: versions.length === 0,
    empty: !kept || kept.entities === 0,
  })
  // Who is there in no row of a view that becomes these rows.
  const absent = kept && mode === 'replace' ? kept.entities - (rows.keys.length - written.added) : 0
  const withdrawn = absent > 0 ? withdraw(database, view, rows.keys) : 0
  const changed = written.changed + withdrawn
  const fresh = [...named].filter((id) => !before.has(id))
  if (kept && changed === 0 && fresh.length === 0) return { changed, outrun: false }

  const stamp = nextStamp(database)
  for (const id of fresh) putVersion(database, view, id, stamp)
  const entities = (kept?.entities ?? 0) + written.added - withdrawn
  putViewRecord(database, view, { ...layout, entities, since: kept?.since ?? stamp })
  return { changed, outrun: false }
}

function put(
  database: VectorDatabase,
  view: string,
  rows: OnlineRows,
  how: {
    readonly layout: number
    /** Whether rows replace what is newer as well, unless that was written online only. */
    readonly overwrite: boolean
    readonly onlineOnly: boolean
    /** True when no row needs to be compared with what is there. */
    readonly empty: boolean
  },
): { readonly changed: number; readonly added: number } {
  const { layout, overwrite, onlineOnly, empty } = how
  const { keys, columns, eventTimes, knownTimes } = rows
  const get = vectorReader(database)
  const vector = new DataView(new ArrayBuffer(vectorBytes(columns.length)))
  const bytes = Buffer.from(vector.buffer)
  writeHeader(vector, layout, onlineOnly)
  let changed = 0
  let added = 0
  for (let row = 0; row < keys.length; row++) {
    const key = vectorKey(view, keys[row]!)
    const eventTime = eventTimes[row]!
    const knownTime = knownTimes[row]!
    const before = empty ? undefined : get(key)
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
function withdraw(database: VectorDatabase, view: string, keys: readonly string[]): number {
  const here = new Set(keys)
  const gone: Uint8Array[] = []
  for (const { key, value } of vectorsOf(database, view)) {
    if (here.has(keyIn(view, key))) continue
    if (!isOnlineOnly(new DataView(value.buffer, value.byteOffset))) gone.push(key)
  }
  for (const key of gone) database.removeSync(key)
  return gone.length
}
