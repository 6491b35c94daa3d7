import { endOfDayMs } from '../as-of.ts'
import type { BrokenRule } from '../contract.ts'
import type { ColumnProfile } from '../profile/table-profile.ts'
import { valueText } from '../profile/value-text.ts'
import type { Gated } from './gate.ts'
import type { Gates } from './gates.ts'

const DAY_MS = 86_400_000

/** The newest date or instant of a column: an export that stopped is delivered on time, and old. */
export function freshness(
  { column, maxAgeMs, severity }: NonNullable<Gates['freshness']>,
  { contract, asOf, profile }: Gated,
): readonly BrokenRule[] {
  const found = profile.columns.find(({ name }) => name === column)
  const newest = found && newestMs(found)
  if (newest !== undefined && newest !== null && endOfDayMs(asOf) - newest <= maxAgeMs) return []
  const value = newest === undefined || newest === null ? 'no value' : valueText(found!.type, found!.numbers!.max)
  return [
    {
      code: 'stale_data',
      source: contract.name,
      column,
      rule: `the newest ${column} is at most ${duration(maxAgeMs)} before the end of the as_of`,
      severity,
      text: `the newest ${column} is ${value}, the as_of ${asOf}`,
      value,
      rows: null,
      examples: [],
    },
  ]
}

/** A date counts to its end. */
function newestMs({ type, numbers }: ColumnProfile): number | null {
  if (numbers === null) return null
  return type === 'date' ? (numbers.max + 1) * DAY_MS : numbers.max / 1000
}

function duration(ms: number): string {
  if (ms % DAY_MS === 0) return `${ms / DAY_MS} days`
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000} hours` : `${ms / 1000} s`
}
