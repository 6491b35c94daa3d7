import { setImmediate } from 'node:timers/promises'
import { derivation } from '../domain/derivation.ts'
import type { Joined, OfflineStore } from '../ports/offline-store.ts'

/** Rows that are derived before other work gets its turn: a few milliseconds. */
const ROWS_A_TURN = 16_384

/**
 * A point-in-time join of any features: the store is asked for base columns, and what is derived is computed from them,
 * as it is for a row that is served.
 */
export async function joinFeatures(
  offline: Pick<OfflineStore, 'pointInTimeJoin'>,
  request: Parameters<OfflineStore['pointInTimeJoin']>[0],
): Promise<Joined> {
  const spec = request.features
  const { inputs, fill } = derivation(spec)
  const frame = await offline.pointInTimeJoin({ ...request, features: inputs })
  if (inputs === spec) return frame
  const rows = frame.keys.length
  const columns = spec.map(() => new Float64Array(rows))
  for (let start = 0; start < rows; start += ROWS_A_TURN) {
    fill(frame.columns, columns, start, Math.min(start + ROWS_A_TURN, rows))
    await setImmediate()
  }
  return { ...frame, spec, columns }
}
