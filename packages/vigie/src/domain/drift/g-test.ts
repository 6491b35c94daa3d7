import gammainc from '@stdlib/math-base-special-gammainc'
import { VigieError } from '../../errors.ts'
import type { PooledCounts } from './pooled-counts.ts'

/**
 * G-test (likelihood ratio) that the current counts follow the reference's, p-value with `categories - 1` degrees of
 * freedom. Evidently's gives up on periods of unequal size, through an error of its own: so does this one.
 * Throws `column_not_testable` for them.
 */
export function gTest({ values, reference, current }: PooledCounts): number {
  let n = 0
  let m = 0
  let statistic = 0
  for (let k = 0; k < values.length; k++) {
    n += reference[k]!
    m += current[k]!
    if (current[k]! > 0) statistic += 2 * current[k]! * Math.log(current[k]! / reference[k]!)
  }
  if (n !== m) {
    throw new VigieError('column_not_testable', `the G-test needs periods of equal size, they have ${n} and ${m}`, {
      rule: 'both periods have as many values',
      value: `${n} and ${m}`,
    })
  }
  if (statistic === Number.POSITIVE_INFINITY) return 0
  return gammainc(Math.max(0, statistic) / 2, (values.length - 1) / 2, true, true)
}
