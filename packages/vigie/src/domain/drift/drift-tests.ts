import { andersonDarling } from './anderson-darling.ts'
import { binnedShares } from './binning.ts'
import { chiSquare } from './chi-square.ts'
import type { ColumnKind, ColumnPair } from './column-pair.ts'
import { cramerVonMises } from './cramer-von-mises.ts'
import { energyDistance } from './energy-distance.ts'
import { eppsSingleton } from './epps-singleton.ts'
import { fisherExact } from './fisher-exact.ts'
import { gTest } from './g-test.ts'
import { hellinger } from './hellinger.ts'
import { jensenShannon } from './jensen-shannon.ts'
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts'
import { kullbackLeibler } from './kullback-leibler.ts'
import { mannWhitneyLess } from './mann-whitney.ts'
import { meanDiscrepancy } from './mean-discrepancy.ts'
import { psi } from './psi.ts'
import { totalVariationTest } from './total-variation.ts'
import { twoProportionZ } from './two-proportion-z.ts'
import { twoSampleT } from './two-sample-t.ts'
import { normedWasserstein } from './wasserstein.ts'

/** How a score is compared with its threshold: distances drift from above, p-values from below. */
export type DriftedWhen = '>=' | '>' | '<=' | '<'

/** One way to judge a column. */
export interface DriftTest {
  /** The field's name of the method. */
  readonly title: string
  /** What it asks, for people. */
  readonly says: string
  /** What the score is. */
  readonly scale: 'distance' | 'p-value'
  readonly threshold: number
  readonly driftedWhen: DriftedWhen
  /** Columns that Evidently lets be judged by it when it is asked for; its default choice goes beyond. */
  readonly kinds: readonly ColumnKind[]
  /** Both sides of the column have at least one row. Throws `column_not_testable` where the test has no answer. */
  score(column: ColumnPair): number
}

const NUMBERS: readonly ColumnKind[] = ['num']
const LABELS: readonly ColumnKind[] = ['cat']
const BOTH: readonly ColumnKind[] = ['num', 'cat']
const distance = { scale: 'distance', threshold: 0.1, driftedWhen: '>=' } as const
const pValue = { scale: 'p-value', threshold: 0.05, driftedWhen: '<' } as const

/** Evidently's tests under Evidently's names, with its thresholds and comparisons. */
export const driftTests = {
  wasserstein: {
    ...distance,
    title: 'Wasserstein distance',
    says: 'How far the values moved on average, in standard deviations of the reference.',
    kinds: NUMBERS,
    score: ({ reference, current }) => normedWasserstein(reference, current),
  },
  jensenshannon: {
    ...distance,
    title: 'Jensen-Shannon distance',
    says: 'How different two sets of shares are, from 0 to 0.833.',
    kinds: BOTH,
    score: (column) => {
      const { reference, current } = binnedShares(column)
      return jensenShannon(reference, current)
    },
  },
  psi: {
    ...distance,
    title: 'Population stability index',
    says: 'Shares weighed by the logarithm of their ratio.',
    kinds: BOTH,
    score: (column) => {
      const { reference, current } = binnedShares(column)
      return psi(reference, current)
    },
  },
  kl_div: {
    ...distance,
    title: 'Kullback-Leibler divergence',
    says: 'How much is lost when the current shares stand for those of the reference, in nats.',
    kinds: BOTH,
    score: (column) => {
      const { reference, current } = binnedShares(column)
      return kullbackLeibler(reference, current)
    },
  },
  hellinger: {
    ...distance,
    title: 'Hellinger distance',
    says: 'How little two sets of shares overlap, from 0 to 1.',
    kinds: BOTH,
    score: hellinger,
  },
  ed: {
    ...distance,
    driftedWhen: '>',
    title: 'Energy distance',
    says: 'The area between two distribution functions, squared; it grows with the unit of the values.',
    kinds: NUMBERS,
    score: ({ counts }) => energyDistance(counts),
  },
  ks: {
    ...pValue,
    driftedWhen: '<=',
    title: 'Kolmogorov-Smirnov',
    says: 'Two-sided: the chance of so large a gap between two distribution functions without drift.',
    kinds: NUMBERS,
    score: ({ reference, current }) => kolmogorovSmirnov(reference, current).pValue,
  },
  anderson: {
    ...pValue,
    threshold: 0.1,
    title: 'Anderson-Darling',
    says: 'The chance of such a distance of two distribution functions, tails weighing more; from 0.001 to 0.25.',
    kinds: NUMBERS,
    score: ({ counts }) => andersonDarling(counts).pValue,
  },
  cramer_von_mises: {
    ...pValue,
    threshold: 0.1,
    driftedWhen: '<=',
    title: 'Cramer-von Mises',
    says: 'The chance of such a mean squared gap between two distribution functions without drift.',
    kinds: NUMBERS,
    score: (column) => cramerVonMises(column).pValue,
  },
  mannw: {
    ...pValue,
    title: 'Mann-Whitney, one-sided',
    says: 'The chance that values would rise so much in rank without drift. A fall is not seen.',
    kinds: NUMBERS,
    score: (column) => mannWhitneyLess(column).pValue,
  },
  t_test: {
    ...pValue,
    title: "Student's t",
    says: 'Two-sided: the chance of so large a difference of the means without drift.',
    kinds: NUMBERS,
    score: ({ reference, current }) => twoSampleT(reference, current).pValue,
  },
  es: {
    ...pValue,
    title: 'Epps-Singleton',
    says: 'The chance that characteristic functions would differ so much without drift.',
    kinds: NUMBERS,
    score: ({ reference, current }) => eppsSingleton(reference, current).pValue,
  },
  empirical_mmd: {
    ...pValue,
    threshold: 0.1,
    title: 'Maximum mean discrepancy',
    says: 'The share of random divisions of all rows whose kernel means are as far apart.',
    kinds: NUMBERS,
    score: ({ reference, current }) => meanDiscrepancy(reference, current).pValue,
  },
  chisquare: {
    ...pValue,
    title: 'Chi-square',
    says: 'The chance of such counts if the shares of the reference still held.',
    kinds: LABELS,
    score: ({ counts }) => chiSquare(counts.reference, counts.current).pValue,
  },
  z: {
    ...pValue,
    title: 'Two proportions',
    says: 'Two-sided: the chance of so large a difference of two shares without drift.',
    kinds: LABELS,
    score: ({ reference, current, counts }) =>
      twoProportionZ(
        { successes: counts.reference[0]!, rows: reference.length },
        { successes: counts.current[0]!, rows: current.length },
      ).pValue,
  },
  fisher_exact: {
    ...pValue,
    threshold: 0.1,
    title: "Fisher's exact test",
    says: 'The chance of a table of two categories that is at most as likely, margins fixed.',
    kinds: LABELS,
    score: ({ counts }) => fisherExact(counts),
  },
  g_test: {
    ...pValue,
    threshold: 0.1,
    title: 'G-test',
    says: 'The chance of such counts by their likelihood ratio, if the counts of the reference still held.',
    kinds: LABELS,
    score: ({ counts }) => gTest(counts),
  },
  TVD: {
    ...pValue,
    threshold: 0.1,
    title: 'Total variation distance',
    says: 'The share of random divisions of all rows whose shares are as far apart.',
    kinds: LABELS,
    score: ({ counts }) => totalVariationTest(counts).pValue,
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
    case '>':
      return score > threshold
    case '<=':
      return score <= threshold
    case '<':
      return score < threshold
  }
}
