import type { Frame } from '../../domain/frame.ts'
import { VigieError } from '../../errors.ts'
import { layoutOf } from './layout.ts'
import { type Age, HEADER_BYTES, isOlder, isOlderOfSameDate, vectorBytes, writeHeader } from './vector.ts'
import {
  putViewRecord,
  type VectorDatabase,
  vectorKey,
  vectorReader,
  vectorsOf,
  viewRecord,
} from './vector-database.ts'

/**
 * Writes one view of one snapshot, inside a transaction of the caller. Returns how many entities changed.
 *
 * - a vector that is as new or newer stays
 * - a correction withdraws the entities that it leaves out, as the join does; a version that was corrected already
 *   changes nothing
 * - another layout starts the view anew, because its old vectors can no longer be read
 */
export function writeView(database: VectorDatabase, view: string, rows: Frame, age: Age): number {
  const stranger = rows.spec.find((feature) => feature.view !== view)
  if (stranger) {
    throw new VigieError('internal', `"${stranger.name}" is no feature of view "${view}"`, { value: stranger.name })
  }
  const layout = layoutOf(rows.spec)
  const stored = viewRecord(database, view)
  const kept = stored?.id === layout.id ? stored : null
  if (stored && !kept) remove(database, view, () => true)
  const written = new Map(kept?.written)
  const knownBefore = written.get(age.asOfDays) ?? age.knownAtMicros
  if (knownBefore > age.knownAtMicros) return 0

  const { changed, added } = put(database, view, layout.id, rows, age)
  const corrects = knownBefore < age.knownAtMicros
  const withdrawn = corrects ? remove(database, view, (vector) => isOlderOfSameDate(vector, age)) : 0
  const entities = (kept?.entities ?? 0) + added - withdrawn
  putViewRecord(database, view, { ...layout, entities, written: [...written.set(age.asOfDays, age.knownAtMicros)] })
  return changed + withdrawn
}

function put(
  database: VectorDatabase,
  view: string,
  layout: number,
  rows: Frame,
  age: Age,
): { readonly changed: number; readonly added: number } {
  const get = vectorReader(database)
  const vector = new DataView(new ArrayBuffer(vectorBytes(rows.spec.length)))
  const bytes = new Uint8Array(vector.buffer)
  writeHeader(vector, layout, age)
  let changed = 0
  let added = 0
  for (let row = 0; row < rows.keys.length; row++) {
    const key = vectorKey(view, rows.keys[row]!)
    const before = get(key)
    if (before && !isOlder(before, age)) continue
    for (let i = 0; i < rows.columns.length; i++) {
      vector.setFloat64(HEADER_BYTES + 8 * i, rows.columns[i]![row]!, true)
    }
    database.putSync(key, bytes)
    changed++
    if (!before) added++
  }
  return { changed, added }
}

function remove(database: VectorDatabase, view: string, which: (vector: DataView) => boolean): number {
  const keys: string[] = []
  for (const { key, value } of vectorsOf(database, view)) {
    if (which(new DataView(value.buffer, value.byteOffset))) keys.push(key)
  }
  for (const key of keys) database.removeSync(key)
  return keys.length
}
