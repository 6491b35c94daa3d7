import gammaln from '@stdlib/math-base-special-gammaln'
import { VigieError } from '../../errors.ts'
import { type PooledCounts, total } from './pooled-counts.ts'

/** Tables whose probability is above the observed one by less than rounding are as likely (R and scipy). */
const AS_LIKELY = 1 + 1e-7

/**
 * Fisher's exact test of a column with two categories, two-sided: all tables of the same margins that are at most as
 * likely as this one. Asked as Evidently asks it, on periods of equal size.
 * Throws `column_not_testable` for other sizes and for more categories.
 */
export function fisherExact({ values, reference, current }: PooledCounts): number {
  const n = total(reference)
  const m = total(current)
  if (values.length > 2) {
    throw new VigieError('column_not_testable', `Fisher's test needs two categories, there are ${values.length}`, {
      rule: 'the column has at most 2 categories',
      value: String(values.length),
    })
  }
  if (n !== m) {
    throw new VigieError('column_not_testable', `Fisher's test needs periods of equal size, they have ${n} and ${m}`, {
      rule: 'both periods have as many values',
      value: `${n} and ${m}`,
    })
  }
  const a = reference[0]!
  const first = a + current[0]!
  const logChoose = (of: number, take: number) => gammaln(of + 1) - gammaln(take + 1) - gammaln(of - take + 1)
  const logLikely = (x: number) => logChoose(n, x) + logChoose(m, first - x) - logChoose(n + m, first)
  const observed = logLikely(a) + Math.log(AS_LIKELY)
  let p = 0
  for (let x = Math.max(0, first - m); x <= Math.min(n, first); x++) {
    const likely = logLikely(x)
    if (likely <= observed) p += Math.exp(likely)
  }
  return Math.min(1, p)
}
