import type { Statistic } from '../metrics/statistic.ts'
import { seededRandom } from '../random.ts'
import type { BootstrapSeed } from './seed.ts'
import { scattered } from './units.ts'

export interface Replicates {
  /** Ascending. Fewer than were asked for only when most draws had no value. */
  readonly values: Float64Array
  /** Share of the draws that had no value and were drawn again. */
  readonly undefinedShare: number
}

/**
 * Values of a statistic over resamples of `units` units with replacement. A resample in which it has no value (one class
 * only) is drawn again, at most as often as values are asked for.
 */
export function replicatesOf(
  statistic: Statistic,
  units: number,
  asked: number,
  { seed, stream }: BootstrapSeed,
): Replicates {
  const random = seededRandom(seed, stream)
  const counts = new Float64Array(units)
  const values = new Float64Array(asked)
  let found = 0
  let draws = 0
  for (; found < asked && draws < 2 * asked; draws++) {
    counts.fill(0)
    for (let i = 0; i < units; i++) counts[random.below(units)]!++
    const value = statistic(counts)
    if (!Number.isNaN(value)) values[found++] = value
  }
  return { values: values.subarray(0, found).sort(), undefinedShare: (draws - found) / draws }
}

/** Above so many units, groups of them are left out in place of single ones. */
const MOST_LEFT_OUT = 1000
const JACKKNIFE_GROUPS = 100

/** Values of the statistic with one unit left out at a time, or one of 100 hashed groups. Those without a value go. */
export function jackknife(statistic: Statistic, units: number): Float64Array {
  const groups = units > MOST_LEFT_OUT ? JACKKNIFE_GROUPS : units
  const groupOf = (unit: number) => (groups === units ? unit : scattered(unit) % groups)
  const counts = new Float64Array(units).fill(1)
  const values = new Float64Array(groups)
  for (let group = 0; group < groups; group++) {
    for (let unit = 0; unit < units; unit++) counts[unit] = groupOf(unit) === group ? 0 : 1
    values[group] = statistic(counts)
  }
  return values.filter((value) => !Number.isNaN(value))
}
