import type { BrokenRule } from '../contract.ts'
import { type Gated, histories } from './gate.ts'
import type { Gates } from './gates.ts'
import { percent } from './wording.ts'

/** Standard errors of the difference of two shares: what few rows do by chance is no jump. */
const ERRORS = 3

/** A share of nulls that rose by many points: a join that failed upstream, a sensor that fell silent. */
export function nullRateJump(
  { rise, severity }: NonNullable<Gates['nullRateJump']>,
  gated: Gated,
): readonly BrokenRule[] {
  const { contract, before, profile } = gated
  return histories(gated).flatMap(({ now, before: earlier }) => {
    const [n, m] = [profile.rows, before!.profile.rows]
    const [share, was] = [now.nulls / n, earlier.nulls / m]
    const pooled = (now.nulls + earlier.nulls) / (n + m)
    const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    if (share - was < rise || share - was < ERRORS * error) return []
    return [
      {
        code: 'null_rate_jump',
        source: contract.name,
        column: now.name,
        rule: `the share of nulls in ${now.name} rises by less than ${Math.round(rise * 100)} points`,
        severity,
        text: `${percent(share)} of ${now.name} are null, ${percent(was)} on ${before!.asOf}`,
        value: percent(share),
        rows: now.nulls,
        examples: [],
      },
    ]
  })
}
