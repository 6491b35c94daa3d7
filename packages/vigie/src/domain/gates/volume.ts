import type { BrokenRule } from '../contract.ts'
import type { Gated } from './gate.ts'
import type { Gates } from './gates.ts'
import { count, percent } from './wording.ts'

/** The number of rows against the file before: half a delivery, or two in one, is not what usually comes. */
export function volume(
  { maxChange, severity }: NonNullable<Gates['volume']>,
  { contract: { name }, profile: { rows }, before }: Gated,
): readonly BrokenRule[] {
  if (!before) return []
  const { rows: earlier } = before.profile
  const change = Math.abs(rows - earlier) / earlier
  if (change < maxChange) return []
  const direction = rows < earlier ? 'fewer' : 'more'
  return [
    {
      code: 'volume_gate',
      source: name,
      column: null,
      rule: `the number of rows changes by less than ${percent(maxChange)}`,
      severity,
      text: `${count(rows)} rows, ${percent(change)} ${direction} than the ${count(earlier)} of ${before.asOf}`,
      value: `${rows} rows`,
      rows: null,
      examples: [],
    },
  ]
}
