import type { BrokenRule } from '../contract.ts'
import type { Gated } from './gate.ts'
import type { Gates } from './gates.ts'
import { count } from './wording.ts'

/** The number of rows against bounds of the definition. */
export function rowCount(
  { min, max, severity }: NonNullable<Gates['rowCount']>,
  { contract: { name }, profile: { rows } }: Gated,
): readonly BrokenRule[] {
  const tooFew = min !== null && rows < min
  const tooMany = max !== null && rows > max
  if (!tooFew && !tooMany) return []
  const rule = tooFew ? `there are at least ${count(min)} rows` : `there are at most ${count(max!)} rows`
  const text = `${count(rows)} rows`
  return [
    { code: 'row_count', source: name, column: null, rule, severity, text, value: text, rows: null, examples: [] },
  ]
}
