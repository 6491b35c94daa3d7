import { seededRandom } from '../random.ts'
import type { BootstrapSeed } from './seed.ts'
import { scattered } from './units.ts'

/** Several statistics of the same resamples at once. NaN where one has no value. */
export type Statistics = (counts: Float64Array) => readonly number[]

export interface Replicates {
  /** Those of each statistic, ascending. Fewer than were asked for only when most draws had no value. */
  readonly values: readonly Float64Array[]
  /** Share of the draws in which one had no value, and which were drawn again. */
  readonly undefinedShare: number
}

/**
 * Values over resamples of `units` units with replacement. A resample in which one has no value (one class only) is drawn
 * again, at most as often as values are asked for.
 */
export function replicatesOf(
  statistics: Statistics,
  units: number,
  asked: number,
  { seed, stream }: BootstrapSeed,
): Replicates {
  const random = seededRandom(seed, stream)
  const counts = new Float64Array(units)
  const found: (readonly number[])[] = []
  let draws = 0
  for (; found.length < asked && draws < 2 * asked; draws++) {
    counts.fill(0)
    for (let i = 0; i < units; i++) counts[random.below(units)]!++
    const values = statistics(counts)
    if (!values.some(Number.isNaN)) found.push(values)
  }
  const values = (found[0] ?? []).map((_, i) => Float64Array.from(found, (all) => all[i]!).sort())
  return { values, undefinedShare: (draws - found.length) / draws }
}

/** Above so many units, groups of them are left out in place of single ones. */
const MOST_LEFT_OUT = 1000
const JACKKNIFE_GROUPS = 100

/** Values with one unit left out at a time, or one of 100 hashed groups. Where one has no value, none is kept. */
export function jackknife(statistics: Statistics, units: number): readonly Float64Array[] {
  const groups = units > MOST_LEFT_OUT ? JACKKNIFE_GROUPS : units
  const groupOf = Int32Array.from({ length: units }, (_, unit) => (groups === units ? unit : scattered(unit) % groups))
  const counts = new Float64Array(units)
  const found: (readonly number[])[] = []
  for (let group = 0; group < groups; group++) {
    for (let unit = 0; unit < units; unit++) counts[unit] = groupOf[unit] === group ? 0 : 1
    const values = statistics(counts)
    if (!values.some(Number.isNaN)) found.push(values)
  }
  return (found[0] ?? []).map((_, i) => Float64Array.from(found, (all) => all[i]!))
}
