import { VigieError } from '../errors.ts'
import { type AsOf, asOf, endOfDayMs, monthEnd } from './as-of.ts'

/** How far the clocks of a supplier and of the database may differ. */
const CLOCK_TOLERANCE_MS = 5 * 60_000

/**
 * Refuses a date at which there can be no snapshot: `as_of_invalid` when it is none, `as_of_not_month_end`,
 * `as_of_before_first` when the history begins later, `future_time` when it is not over at `nowMs` (milliseconds since
 * 1970).
 */
export function checkSnapshotDate(date: AsOf, first: AsOf, nowMs: number): void {
  const end = monthEnd(asOf(date), 0)
  if (date !== end) {
    throw new VigieError('as_of_not_month_end', `${date} is inside a month`, {
      rule: 'monthly snapshots are true at a month end',
      value: date,
      hint: `The month ends on ${end}: is the delivery of that date?`,
    })
  }
  if (date < first) {
    throw new VigieError('as_of_before_first', `${date} lies before the first snapshot, ${first}`, {
      rule: 'the history begins at snapshots.first',
      value: date,
    })
  }
  if (endOfDayMs(date) > nowMs + CLOCK_TOLERANCE_MS) {
    throw new VigieError('future_time', `${date} is not over`, {
      rule: 'a snapshot is true at the end of a day that has passed',
      value: date,
    })
  }
}

/** Month ends between the first of `known` and `until` that are not in `known`, ascending. */
export function missingMonthEnds(known: ReadonlySet<AsOf>, until: AsOf): readonly AsOf[] {
  const [first] = [...known].sort()
  const missing: AsOf[] = []
  if (first === undefined) return missing
  for (let date = first; date < until; date = monthEnd(date, 1)) if (!known.has(date)) missing.push(date)
  return missing
}
