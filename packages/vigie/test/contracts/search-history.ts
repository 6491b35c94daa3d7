import { type Batch, endOf, type Row, type Source, type World } from './histories.ts'

/** For which moment a row is asked: events up to `event` that were known by `known`. */
export interface Moment {
  readonly event: bigint
  readonly known: bigint
}

export interface Chosen {
  readonly row: Row
  readonly event: bigint
  readonly known: bigint
}

/**
 * The rule of the point-in-time join, word by word, for one key of one source: row by row through all that was ever
 * delivered. Shares nothing with the product. `rows` are those of the key.
 */
export function search(
  world: Pick<World, 'batches' | 'arrives'>,
  source: Source,
  rows: readonly Row[],
  moment: Moment,
  { eventTimeOnly = false, only = null }: { eventTimeOnly?: boolean; only?: readonly string[] | null } = {},
): Chosen | null {
  const counts = standing(world, source, moment, eventTimeOnly)
  let best: (Chosen & { batch: Batch }) | null = null
  for (const row of rows) {
    const batch = world.batches[row.batch]!
    if (row.source !== source || !counts(batch) || (only && !only.includes(batch.id))) continue
    const event = row.time ?? endOf(batch.asOf!) - 1n
    if (event > moment.event) continue
    if (best === null || isBetter({ row, event, batch }, best)) best = { row, event, known: batch.known, batch }
  }
  return best
}

/** The row that the same key had in the snapshot one month end before that of `chosen`. */
export function searchPrevious(
  world: Pick<World, 'batches' | 'arrives'>,
  rows: readonly Row[],
  chosen: Chosen,
  moment: Moment,
  eventTimeOnly = false,
): Row | null {
  const counts = standing(world, 'snap', moment, eventTimeOnly)
  const date = new Date(Number(chosen.event / 1000n))
  const before = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 0)).toISOString().slice(0, 10)
  const found = rows.filter(
    (row) => row.source === 'snap' && world.batches[row.batch]!.asOf === before && counts(world.batches[row.batch]!),
  )
  return found[0] ?? null
}

/** Whether a batch was known, and not corrected by another that was known as well. */
function standing(world: Pick<World, 'batches' | 'arrives'>, source: Source, moment: Moment, eventTimeOnly: boolean) {
  const isKnown = (batch: Batch) => eventTimeOnly || batch.known <= moment.known + BigInt(world.arrives[source]) * 1000n
  return (batch: Batch) =>
    isKnown(batch) &&
    !world.batches.some(
      (other) =>
        batch.asOf !== null &&
        other.asOf === batch.asOf &&
        isKnown(other) &&
        (other.known > batch.known || (other.known === batch.known && other.version > batch.version)),
    )
}

interface Candidate {
  readonly row: Row
  readonly event: bigint
  readonly batch: Batch
}

function isBetter(a: Candidate, b: Candidate): boolean {
  if (a.event !== b.event) return a.event > b.event
  if (a.batch.known !== b.batch.known) return a.batch.known > b.batch.known
  if (a.batch !== b.batch) {
    // Known at once: what was pushed after what was delivered, a later date after an earlier one.
    if (a.batch.asOf === null || b.batch.asOf === null) return a.batch.asOf === null
    return a.batch.asOf > b.batch.asOf
  }
  return (a.row.created ?? 0n) > (b.row.created ?? 0n)
}
