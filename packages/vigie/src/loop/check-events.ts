import type { AsOf } from '../domain/as-of.ts'
import type { SourceContract } from '../domain/contract.ts'
import { lastMicrosOf, micros } from '../domain/point-in-time.ts'
import { VigieError } from '../errors.ts'
import type { Snapshots, TableFile } from '../ports/snapshots.ts'

/** How much later than the catalogue's clock the supplier's may be. */
const CLOCK_TOLERANCE_US = 300_000_000

/**
 * Refuses an event table with rows that had not happened: later than now (`future_time`), or than the end of the
 * delivery's date (`after_cutoff`). A push has no date.
 */
export async function refuseLaterEvents(
  snapshots: Pick<Snapshots, 'now'>,
  { name, eventTime }: Pick<SourceContract, 'name' | 'eventTime'>,
  table: TableFile,
  asOf: AsOf | null,
): Promise<void> {
  if (eventTime === null || !table.eventRange) return
  const [, last] = table.eventRange
  const where = { value: instant(last), file: `${name}.csv`, column: eventTime }
  if (last > Number(micros(await snapshots.now())) + CLOCK_TOLERANCE_US) {
    throw new VigieError('future_time', `${name}.csv has an event at ${instant(last)}, which is not over`, {
      rule: 'events have happened when they are delivered',
      hint: 'Deliver events after they happened; check the zone and the unit of the times.',
      ...where,
    })
  }
  if (asOf !== null && last > lastMicrosOf(asOf)) {
    throw new VigieError('after_cutoff', `${name}.csv has an event at ${instant(last)}, after the end of ${asOf}`, {
      rule: `a delivery for ${asOf} has events up to the end of that day in UTC`,
      ...where,
    })
  }
}

/** ISO 8601 with microseconds, UTC. */
function instant(us: number): string {
  const seconds = Math.floor(us / 1_000_000)
  const fraction = String(us - seconds * 1_000_000).padStart(6, '0')
  return new Date(seconds * 1000).toISOString().replace('.000Z', `.${fraction}Z`)
}
