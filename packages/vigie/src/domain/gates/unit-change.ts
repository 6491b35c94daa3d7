import type { BrokenRule } from '../contract.ts'
import { distance } from '../profile/distance.ts'
import { type ColumnProfile, QUANTILES } from '../profile/table-profile.ts'
import { type Gated, given, histories } from './gate.ts'
import type { Gates } from './gates.ts'
import { quantity } from './wording.ts'

const MEDIAN = QUANTILES.indexOf(0.5)

/**
 * A median that is several times what it was, or a part of it: euros delivered as cents, kilograms as grams. A median of
 * zero says nothing, and neither does one that changed its sign.
 */
export function unitChange({ ratio, severity }: NonNullable<Gates['unitChange']>, gated: Gated): readonly BrokenRule[] {
  const { contract, before, profile } = gated
  return histories(gated).flatMap(({ now, before: earlier }) => {
    if (!isMeasure(now)) return []
    const [median, was] = [medianOf(now), medianOf(earlier)]
    const times = median / was
    if (!(times >= ratio || (times > 0 && times <= 1 / ratio)) || !Number.isFinite(times)) return []
    if (isChance(distance(now, earlier) ?? 0, given(profile, now), given(before!.profile, earlier))) return []
    return [
      {
        code: 'unit_change',
        source: contract.name,
        column: now.name,
        rule: `the median of ${now.name} is less than ${ratio} times, and more than 1/${ratio} of, what it was`,
        severity,
        text: `the median of ${now.name} is ${quantity(median)}, ${quantity(times)} times the ${quantity(was)} of ${before!.asOf}`,
        value: `median ${quantity(median)}`,
        rows: null,
        examples: [],
      },
    ]
  })
}

/**
 * True when so large a gap of two distribution functions comes up in one of a thousand pairs of samples of one
 * distribution: the asymptotic bound of Kolmogorov-Smirnov, c = sqrt(-ln(0.001 / 2) / 2). Medians of few rows jump.
 */
function isChance(gap: number, n: number, m: number): boolean {
  return gap < Math.sqrt(-Math.log(0.001 / 2) / 2) * Math.sqrt(1 / n + 1 / m)
}

function isMeasure({ type, numbers }: ColumnProfile): boolean {
  return numbers !== null && (type === 'int' || type === 'float')
}

function medianOf({ numbers }: ColumnProfile): number {
  return numbers?.quantiles[MEDIAN] ?? Number.NaN
}
