import type { AsOf } from '../domain/as-of.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import { lastMicrosOf, type Visible, viewHistory, visibleBatches } from '../domain/point-in-time.ts'
import type { History, ViewSource } from '../ports/offline-store.ts'
import type { Ports } from '../ports/ports.ts'
import type { TableFile } from '../ports/snapshots.ts'

/** One row of one entity, as a join found it, and the history that was joined. */
export interface FoundRow extends Required<History> {
  readonly key: string
  readonly at: AsOf | number
  /** Since when it is known is told apart by this cut already. */
  readonly eventTimeOnly: boolean
}

/**
 * Since when the row is known that a view's value is from, in microseconds since 1970; NaN where there is none. Of a
 * snapshot the catalogue says so. Events of one time may have come more than once: the latest batch that has the row is
 * the one that a join takes, and few batches span the time of an event.
 */
export async function knownTime(
  ports: Pick<Ports, 'offline'>,
  view: ViewSource,
  { inputs, eventTime, ...row }: FoundRow & { readonly inputs: FeatureSpec; readonly eventTime: number },
): Promise<number> {
  if (Number.isNaN(eventTime)) return Number.NaN
  const candidates = batchesAt({ ...view, ttlMs: null }, row)
    .filter(({ firstUs, lastUs }) => firstUs <= eventTime && eventTime <= lastUs)
    .reverse()
  for (const batch of candidates) {
    if (candidates.length === 1 || (await holds(ports, view, { inputs, eventTime, key: row.key, batch, row }))) {
      return batch.knownUs
    }
  }
  return Number.NaN
}

function batchesAt(
  view: ViewSource,
  { at, snapshots, pushes, eventTimeOnly }: FoundRow,
): readonly Visible<TableFile>[] {
  const eventUs = typeof at === 'number' ? at : lastMicrosOf(at)
  // A date knows what was delivered by midnight.
  const knownUs = typeof at === 'number' ? at : eventUs + 1
  return visibleBatches(viewHistory({ snapshots, pushes }, view, { eventTimeOnly }), { eventUs, knownUs })
}

async function holds(
  ports: Pick<Ports, 'offline'>,
  view: ViewSource,
  {
    inputs,
    eventTime,
    key,
    batch,
    row,
  }: {
    readonly inputs: FeatureSpec
    readonly eventTime: number
    readonly key: string
    readonly batch: Visible<TableFile>
    readonly row: FoundRow
  },
): Promise<boolean> {
  const { eventTimes } = await ports.offline.pointInTimeJoin({
    spine: { kind: 'rows', keys: [key], at: Float64Array.of(eventTime) },
    features: inputs.filter((column) => column.view === view.view),
    views: [{ ...view, ttlMs: null }],
    snapshots: row.snapshots.filter(({ id }) => id === batch.id),
    pushes: row.pushes.filter(({ id }) => id === batch.id),
    eventTimeOnly: true,
  })
  return eventTimes.get(view.view)?.[0] === eventTime
}
