import type { OnlineRequest } from '../../ports/online-store.ts'
import { type Layout, positionIn } from './layout.ts'
import { HEADER_BYTES } from './vector.ts'
import { vectorPrefix } from './vector-database.ts'

/** Where one view's part of what is asked comes from. */
export interface ViewPlan {
  /** Of its stored keys. */
  readonly prefix: Uint8Array
  /** Null when the view was never written: nothing of it is found. */
  readonly layout: number | null
  /** Microseconds; infinite without a limit. */
  readonly maxAge: number
  /** For each column of this view: byte offset in the vector, and position in what is asked. */
  readonly offsets: Int32Array
  readonly positions: Int32Array
}

/** How to assemble what is asked. Throws `online_store_outdated`. */
export function planReads(
  { features, maxAges }: OnlineRequest,
  layout: (view: string) => Layout | null,
): readonly ViewPlan[] {
  return [...new Set(features.map((feature) => feature.view))].map((view) => {
    const stored = layout(view)
    const positions = features.flatMap((feature, i) => (feature.view === view ? [i] : []))
    return {
      prefix: Buffer.from(vectorPrefix(view)),
      layout: stored?.id ?? null,
      maxAge: maxAges[view] ?? Number.POSITIVE_INFINITY,
      offsets: Int32Array.from(positions, (i) => (stored ? HEADER_BYTES + 8 * positionIn(stored, features[i]!) : 0)),
      positions: Int32Array.from(positions),
    }
  })
}
