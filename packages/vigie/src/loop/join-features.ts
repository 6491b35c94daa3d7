import { setImmediate } from 'node:timers/promises'
import { derivation } from '../domain/derivation.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import type { Frame } from '../domain/frame.ts'
import type { Joined, OfflineStore } from '../ports/offline-store.ts'

/** Rows that are derived before other work gets its turn: a few milliseconds. */
const ROWS_A_TURN = 8192

/**
 * A point-in-time join of any features: the store is asked for base columns, and what is derived is computed from them,
 * as it is for a row that is served.
 */
export async function joinFeatures(
  offline: Pick<OfflineStore, 'pointInTimeJoin'>,
  request: Parameters<OfflineStore['pointInTimeJoin']>[0],
): Promise<Joined> {
  const { features } = request
  const base = await offline.pointInTimeJoin({ ...request, features: derivation(features).inputs })
  return deriveRows(base, features)
}

/** Rows of a spec from rows of its inputs. They come back as they are when nothing of the spec is derived. */
export async function deriveRows<F extends Frame>(base: F, spec: FeatureSpec): Promise<F> {
  const { inputs, fill } = derivation(spec)
  if (inputs === spec) return base
  const rows = base.keys.length
  const columns = spec.map(() => new Float64Array(rows))
  for (let start = 0; start < rows; start += ROWS_A_TURN) {
    fill(base.columns, columns, start, Math.min(start + ROWS_A_TURN, rows))
    await setImmediate()
  }
  return { ...base, spec, columns }
}
