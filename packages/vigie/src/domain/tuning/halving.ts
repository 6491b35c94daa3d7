/** The metric of each fold that a setting was judged on. All that are in the race were judged on the same ones. */
export type FoldValues = readonly number[]

/**
 * The trials that go on to the next fold: the better half of those that were not given, at least two, and all of the
 * first `given`. Ascending.
 *
 * @param race positions of the trials that were judged on the last fold
 * @param lossy whether small is good
 */
export function survivors(
  race: readonly number[],
  values: readonly FoldValues[],
  given: number,
  lossy: boolean,
): readonly number[] {
  const drawn = ranked(
    race.filter((trial) => trial >= given),
    values,
    lossy,
  )
  const kept = drawn.slice(0, Math.max(2, Math.ceil(drawn.length / 2)))
  return [...race.filter((trial) => trial < given), ...kept].sort((a, b) => a - b)
}

/** Best mean first; of equal ones the earlier trial. */
export function ranked(race: readonly number[], values: readonly FoldValues[], lossy: boolean): readonly number[] {
  const sign = lossy ? 1 : -1
  return [...race].sort((a, b) => sign * (mean(values[a]!) - mean(values[b]!)) || a - b)
}

function mean(values: FoldValues): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
