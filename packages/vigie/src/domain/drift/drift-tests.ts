import { binnedShares } from './binning.ts'
import { chiSquare } from './chi-square.ts'
import type { ColumnPair } from './column-pair.ts'
import { jensenShannon } from './jensen-shannon.ts'
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts'
import { psi } from './psi.ts'
import { twoProportionZ } from './two-proportion-z.ts'
import { normedWasserstein } from './wasserstein.ts'

/** How a score is compared with its threshold: distances drift from above, p-values from below. */
export type DriftedWhen = '>=' | '<=' | '<'

/** One way to judge a column. */
export interface DriftTest {
  /** The field's name of the method. */
  readonly title: string
  /** What the score is. */
  readonly scale: 'distance' | 'p-value'
  readonly threshold: number
  readonly driftedWhen: DriftedWhen
  /** Both sides of the column have at least one row. */
  score(column: ColumnPair): number
}

const distance = { scale: 'distance', threshold: 0.1, driftedWhen: '>=' } as const

/** Evidently's tests under Evidently's names, with its thresholds and comparisons. */
export const driftTests = {
  wasserstein: {
    ...distance,
    title: 'Wasserstein distance',
    score: ({ reference, current }) => normedWasserstein(reference, current),
  },
  jensenshannon: {
    ...distance,
    title: 'Jensen-Shannon distance',
    score: (column) => {
      const { reference, current } = binnedShares(column)
      return jensenShannon(reference, current)
    },
  },
  psi: {
    ...distance,
    title: 'Population stability index',
    score: (column) => {
      const { reference, current } = binnedShares(column)
      return psi(reference, current)
    },
  },
  ks: {
    title: 'Kolmogorov-Smirnov',
    scale: 'p-value',
    threshold: 0.05,
    driftedWhen: '<=',
    score: ({ reference, current }) => kolmogorovSmirnov(reference, current).pValue,
  },
  chisquare: {
    title: 'Chi-square',
    scale: 'p-value',
    threshold: 0.05,
    driftedWhen: '<',
    score: ({ counts }) => chiSquare(counts.reference, counts.current).pValue,
  },
  z: {
    title: 'Two proportions',
    scale: 'p-value',
    threshold: 0.05,
    driftedWhen: '<',
    score: ({ reference, current, counts }) =>
      twoProportionZ(
        { successes: counts.reference[0]!, rows: reference.length },
        { successes: counts.current[0]!, rows: current.length },
      ).pValue,
  },
} as const satisfies Record<string, DriftTest>

export type TestName = keyof typeof driftTests

export function isDrifted(
  score: number,
  { threshold, driftedWhen }: Pick<DriftTest, 'threshold' | 'driftedWhen'>,
): boolean {
  switch (driftedWhen) {
    case '>=':
      return score >= threshold
    case '<=':
      return score <= threshold
    case '<':
      return score < threshold
  }
}
