import type { BrokenRule } from '../contract.ts'
import type { ColumnProfile, NumberProfile, ValueCount } from '../profile/table-profile.ts'
import { valueText } from '../profile/value-text.ts'
import { FEWEST_VALUES, type Gated, given, histories } from './gate.ts'
import type { Gates } from './gates.ts'
import { percent } from './wording.ts'

/** Values that programs write where there is none. */
const SENTINELS: ReadonlySet<string> = new Set([
  ...['0', '-1', '-9', '-99', '-999', '-9999', '99', '999', '9999', '99999', '999999', '-2147483648', '2147483647'],
  ...['9999-12-31', '9999-01-01', '2999-12-31', '2099-12-31', '1970-01-01', '1900-01-01', '1899-12-30', '0001-01-01'],
])

/** A value that no sentinel is may be as frequent as the most frequent one ever was, and as much again. */
const USUAL = 2

/**
 * One value in many rows that was in next to none: -1 for "not measured", or a mean filled in for nulls. Counters that
 * rise for everybody (months since the beginning) move their peaks to values that are new, so a value that is no usual
 * sentinel must also stand out against the largest peak there was.
 */
export function sentinelSpike(settings: NonNullable<Gates['sentinelSpike']>, gated: Gated): readonly BrokenRule[] {
  const { contract, before, profile } = gated
  return histories(gated).flatMap(({ now, before: earlier }) => {
    const [rows, rowsBefore] = [given(profile, now), given(before!.profile, earlier)]
    if (now.numbers === null || Math.min(rows, rowsBefore) < FEWEST_VALUES) return []
    const spike = now.top.find((value) => isSpike(settings, value, rows, earlier, rowsBefore))
    if (!spike) return []
    return [
      {
        code: 'sentinel_spike',
        source: contract.name,
        column: now.name,
        rule: `no value of ${now.name} comes to ${percent(settings.above)} of the rows from below ${percent(settings.below)}`,
        severity: settings.severity,
        text: `${now.name} is ${spike.value} in ${percent(spike.count / rows)} of the rows, and ${shareText(spike.value, earlier, rowsBefore)} on ${before!.asOf}`,
        value: spike.value,
        rows: spike.count,
        examples: [],
      },
    ] satisfies readonly BrokenRule[]
  })
}

function isSpike(
  { above, below }: NonNullable<Gates['sentinelSpike']>,
  { value, count: times }: ValueCount,
  rows: number,
  earlier: ColumnProfile,
  rowsBefore: number,
): boolean {
  const share = times / rows
  if (share < above || shareBefore(value, earlier, rowsBefore) >= below) return false
  const day = value.slice(0, 10)
  if (SENTINELS.has(value) || SENTINELS.has(day)) return true
  return share >= USUAL * ((earlier.top[0]?.count ?? 0) / rowsBefore)
}

/**
 * Of a value that is not among the most frequent ones it is only known whether it lies where values were; if so it is
 * taken for as frequent as all those that are not named are on average.
 */
function shareBefore(value: string, { type, numbers, top, distinct }: ColumnProfile, rows: number): number {
  const found = top.find((each) => each.value === value)
  if (found) return found.count / rows
  if (numbers === null || distinct <= top.length || isBeyond(value, type, numbers)) return 0
  const named = top.reduce((sum, each) => sum + each.count, 0)
  return (rows - named) / rows / (distinct - top.length)
}

function isBeyond(value: string, type: ColumnProfile['type'], { min, max }: NumberProfile): boolean {
  if (type === 'int' || type === 'float') return Number(value) < min || Number(value) > max
  return value < valueText(type, min) || value > valueText(type, max)
}

function shareText(value: string, earlier: ColumnProfile, rows: number): string {
  const share = shareBefore(value, earlier, rows)
  if (share === 0) return 'in none'
  return earlier.top.some((each) => each.value === value) ? `in ${percent(share)}` : 'in hardly any'
}
