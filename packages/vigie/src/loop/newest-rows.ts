import { micros } from '../domain/point-in-time.ts'
import type { NewestRows, OfflineStore } from '../ports/offline-store.ts'
import { trueFrom } from './view-versions.ts'

/** The newest rows of a view of snapshots, for offline stores that cannot say them by themselves yet. */
export async function newestRows(
  offline: OfflineStore,
  request: Parameters<OfflineStore['newest']>[0],
): Promise<NewestRows> {
  if (typeof offline.newest === 'function') return offline.newest(request)
  const { view, features, snapshots, only } = request
  // By as_of and then version: the last of each date wins.
  const versions = [...new Map(snapshots.map((snapshot) => [snapshot.asOf, snapshot])).values()].reverse()
  const rows = new Map<string, { readonly event: number; readonly known: number; readonly values: number[] }>()
  for (const snapshot of versions) {
    if (only && !only.has(snapshot.id)) continue
    const frame = await offline.read(snapshot.tables[view.from]!, view.key, features)
    for (const [i, key] of frame.keys.entries()) {
      if (rows.has(key)) continue
      const values = frame.columns.map((column) => column[i]!)
      rows.set(key, { event: trueFrom(snapshot), known: Number(micros(snapshot.knownAt)), values })
    }
  }
  const keys = [...rows.keys()].sort()
  const column = (value: (row: { event: number; known: number; values: number[] }) => number) =>
    Float64Array.from(keys, (key) => value(rows.get(key)!))
  return {
    spec: features,
    keys,
    columns: features.map((_, f) => column(({ values }) => values[f]!)),
    label: null,
    eventTimes: column(({ event }) => event),
    knownTimes: column(({ known }) => known),
  }
}
