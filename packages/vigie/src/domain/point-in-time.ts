import { VigieError } from '../errors.ts'
import { type AsOf, asOfDays, asOfMicros, endOfDayMs } from './as-of.ts'

/** The times of one version of one snapshot. */
export interface VersionTimes {
  readonly asOf: AsOf
  /** 1 for the first delivery of the date, then one more for each correction. */
  readonly version: number
  /** ISO 8601 with at most six decimals, UTC. */
  readonly knownAt: string
}

/** How a view's values age and arrive. Milliseconds. */
export interface Timing {
  /** How old a value may be at the moment it is asked for; null means for ever. */
  readonly ttlMs: number | null
  /** How long after its as_of a value may become known and still count as known then. */
  readonly arrivesMs: number
}

/**
 * Which versions are visible at the end of `at`, newest as_of first. A value is read from the first of them that has
 * the entity, so the result is the whole plan of a point-in-time join.
 *
 * - `as_of <= at`: nothing from the future
 * - `known_at <= end of at + arrives`: nothing that had not been delivered by then
 * - `end of as_of + ttl >= end of at`: nothing that is too old
 * - of several visible versions of one as_of the latest known wins as a whole: what a correction leaves out is gone
 */
export function visibleVersions<V extends VersionTimes>(
  versions: readonly V[],
  at: AsOf,
  timing: Timing,
): readonly V[] {
  const knownBy = asOfMicros(at) + BigInt(86_400_000 + timing.arrivesMs) * 1000n
  const winners = new Map<AsOf, V>()
  for (const version of versions) {
    if (version.asOf > at || micros(version.knownAt) > knownBy) continue
    if (timing.ttlMs !== null && endOfDayMs(version.asOf) + timing.ttlMs < endOfDayMs(at)) continue
    const winner = winners.get(version.asOf)
    if (!winner || knownLater(version, winner)) winners.set(version.asOf, version)
  }
  return [...winners.values()].sort((a, b) => asOfDays(b.asOf) - asOfDays(a.asOf))
}

function knownLater(a: VersionTimes, b: VersionTimes): boolean {
  const difference = micros(a.knownAt) - micros(b.knownAt)
  return difference > 0n || (difference === 0n && a.version > b.version)
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?(?:Z|\+00(?::?00)?)$/

/** Microseconds since 1970 of a UTC instant in ISO 8601. `Date.parse` would drop what is below a millisecond. */
export function micros(instant: string): bigint {
  const match = INSTANT.exec(instant)
  if (!match) {
    throw new VigieError('internal', `"${instant.slice(0, 40)}" is not an instant`, {
      rule: 'instants are ISO 8601 in UTC with at most six decimals',
      value: instant.slice(0, 40),
    })
  }
  const [, date = '', hours, minutes, seconds, fraction = ''] = match
  const secondOfDay = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
  return asOfMicros(date as AsOf) + BigInt(secondOfDay) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}
