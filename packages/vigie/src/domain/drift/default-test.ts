import type { ColumnPair } from './column-pair.ts'
import type { TestName } from './drift-tests.ts'

/** Up to this many reference rows Evidently asks for a p-value, above it for a distance. */
const MOST_ROWS_SMALL = 1000

/**
 * The test that Evidently 0.7 picks by itself: by the kind of the column, the cleaned rows of the REFERENCE and the
 * distinct values of both sides together.
 *
 * | kind | distinct  | to 1,000 rows | above         |
 * |------|-----------|---------------|---------------|
 * | num  | above 5   | ks            | wasserstein   |
 * | num  | 3 to 5    | chisquare     | jensenshannon |
 * | cat  | above 2   | chisquare     | jensenshannon |
 * | both | 1 or 2    | z             | jensenshannon |
 */
export function defaultTest({ kind, reference, counts }: ColumnPair): TestName {
  const small = reference.length <= MOST_ROWS_SMALL
  const values = counts.values.length
  if (kind === 'num' && values > 5) return small ? 'ks' : 'wasserstein'
  if (!small) return 'jensenshannon'
  return values > 2 ? 'chisquare' : 'z'
}
