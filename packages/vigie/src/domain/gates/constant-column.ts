import type { BrokenRule } from '../contract.ts'
import { type ColumnHistory, type Gated, given, histories } from './gate.ts'
import type { Gates } from './gates.ts'
import { count } from './wording.ts'

/** That all rows are the same by chance has at most this probability, judged by the file before. */
const CHANCE = 0.001

/** A column without any value, or with a single one, that had several. */
export function constantColumn(
  { severity }: NonNullable<Gates['constantColumn']>,
  gated: Gated,
): readonly BrokenRule[] {
  const { contract, before } = gated
  return histories(gated).flatMap((column) => {
    const { now } = column
    const what = becameConstant(gated, column)
    if (what === null) return []
    return [
      {
        code: 'constant_column',
        source: contract.name,
        column: now.name,
        rule: `${now.name} does not become constant`,
        severity,
        text: `${now.name} is ${what} in all ${count(gated.profile.rows)} rows; on ${before!.asOf} it had ${count(column.before.distinct)} values`,
        value: what,
        rows: gated.profile.rows,
        examples: [],
      },
    ]
  })
}

/** Null when it did not, or when that may be chance. */
function becameConstant({ profile, before }: Gated, { now, before: earlier }: ColumnHistory): string | null {
  const rowsBefore = before!.profile.rows
  if (now.distinct === 0) {
    return earlier.distinct > 0 && isNoChance(earlier.nulls / rowsBefore, profile.rows) ? 'null' : null
  }
  if (now.distinct > 1 || earlier.distinct < 2) return null
  const most = (earlier.top[0]?.count ?? 0) / given(before!.profile, earlier)
  return isNoChance(most, given(profile, now)) ? now.top[0]!.value : null
}

function isNoChance(share: number, rows: number): boolean {
  return share ** rows < CHANCE
}
