import { twoSidedP } from '../distributions/normal.ts'

/**
 * Two-sided z test that two shares are equal, with the pooled variance.
 *
 * When all or none of both samples are successes there is nothing to tell apart: z is 0 and p is 1.
 */
export function twoProportionZ(
  reference: { readonly successes: number; readonly rows: number },
  current: { readonly successes: number; readonly rows: number },
): { readonly z: number; readonly pValue: number } {
  const pooled = (reference.successes + current.successes) / (reference.rows + current.rows)
  if (pooled === 0 || pooled === 1) return { z: 0, pValue: 1 }
  const variance = pooled * (1 - pooled) * (1 / reference.rows + 1 / current.rows)
  const z = (reference.successes / reference.rows - current.successes / current.rows) / Math.sqrt(variance)
  return { z, pValue: twoSidedP(z) }
}
