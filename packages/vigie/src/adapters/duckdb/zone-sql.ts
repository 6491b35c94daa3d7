import { EARLIEST, LATEST } from '../../domain/csv/timestamps.ts'
import { clockChanges, clockOffset } from '../../domain/csv/zone-clock.ts'

const DAY = 86_400_000_000

/**
 * SQL for the instant at which the clock of `zone` showed `local`, an expression of type TIMESTAMP, as TIMESTAMP in UTC.
 * Of a time that was shown twice it takes the later instant, or the `earlier`.
 *
 * DuckDB could do it by itself, with time zone data of its own: in 2026 it had another rule for Morocco than the runtime
 * that checks the file, and stored other instants than were checked. So the changes of the clock are written into the
 * statement, as a tree of comparisons; that costs as much as DuckDB's own function.
 */
export function instantOnClock(zone: string, local: string, overlap: 'earlier' | 'later'): string {
  const micros = `epoch_us(${local})`
  const changes = clockChanges(zone, EARLIEST - 2 * DAY, LATEST + 2 * DAY)
  const tree = (low: number, high: number): string => {
    if (low === high) {
      const offset = low === 0 ? clockOffset(zone, EARLIEST - 2 * DAY) : changes[low - 1]!.offsetAfter
      return String(offset)
    }
    const middle = Math.ceil((low + high) / 2)
    const { instant, offsetBefore, offsetAfter } = changes[middle - 1]!
    const from = instant + (overlap === 'earlier' ? offsetBefore : offsetAfter)
    return `case when ${micros} < ${from} then ${tree(low, middle - 1)} else ${tree(middle, high)} end`
  }
  return `make_timestamp(${micros} - ${tree(0, changes.length)})`
}
