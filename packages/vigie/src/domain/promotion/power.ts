import { normalQuantile } from '../distributions/normal.ts'
import { tQuantile } from '../distributions/student-t.ts'

/** What this holdout can see, for a gain with this standard error at this level. */
export interface Power {
  /** Smallest true gain that would be proven with a probability of 80 %; never below `minGain`. */
  readonly minDetectableGain80: number
  /** How many times the rows would prove a true gain of `gain` as often; null when it is not positive. */
  readonly timesTheRows: number | null
}

/** `max(minGain, (t(1 - alpha, df) + z(0.80)) * se)`, and the standard error shrinks with the root of the rows. */
export function power(gain: number, se: number, df: number, alpha: number, minGain: number): Power {
  const detectable = (tQuantile(1 - alpha, df) + normalQuantile(0.8)) * se
  return {
    minDetectableGain80: Math.max(minGain, detectable),
    timesTheRows: gain > 0 ? (detectable / gain) ** 2 : null,
  }
}
