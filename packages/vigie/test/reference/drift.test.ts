import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ColumnPair, columnPair } from '../../src/domain/drift/column-pair.ts'
import { driftTests, isDrifted, type TestName } from '../../src/domain/drift/drift-tests.ts'
import { meanDiscrepancy } from '../../src/domain/drift/mean-discrepancy.ts'
import { driftReport } from '../../src/domain/drift/report.ts'
import { totalVariationTest } from '../../src/domain/drift/total-variation.ts'
import { sharedPath } from '../shared.ts'
import { goldenPair } from './golden-pair.ts'

const TOLERANCE = 1e-9

/** Their p-values come from permutations; the statistics do not. */
const MONTE_CARLO = {
  TVD: ({ counts }: ColumnPair) => totalVariationTest(counts),
  empirical_mmd: ({ reference, current }: ColumnPair) => meanDiscrepancy(reference, current),
}

const fixture = (name: string) => join(import.meta.dirname, '../fixtures/drift', name)
const pairs: readonly (readonly [string, string | null])[] = [
  ['synthetic_small', fixture('synthetic_small')],
  ['synthetic_large, 24 columns', fixture('synthetic_large')],
  ...['streamflow', 'breast_cancer', 'diabetes_1000', 'synthetic_small', 'synthetic_large'].map(
    (name) => [`${name}, whole`, sharedPath('golden', 'drift', name)] as const,
  ),
]

describe.each(pairs)('drift of %s', (_name, folder) => {
  const golden = folder === null ? null : goldenPair(folder)

  test.skipIf(!golden)('every column is judged as Evidently judges it by default', () => {
    const { reference, current, expected } = golden!
    const report = driftReport({ reference, current })
    const found = new Map(report.features.map((feature) => [feature.name, feature]))
    const notTestable = new Set(report.notTestable.map(({ name }) => name))
    for (const [name, { default_test, default: verdict }] of Object.entries(expected)) {
      if (!verdict) {
        expect(notTestable, name).toContain(name)
        continue
      }
      const feature = found.get(name)!
      expect(feature.test, name).toBe(default_test)
      expect(feature.threshold, name).toBe(verdict.threshold)
      expect(feature.drifted, name).toBe(verdict.drifted)
      expect(Math.abs(feature.score - verdict.score), name).toBeLessThan(TOLERANCE)
    }
  })

  test.skipIf(!golden)('every test gives the score of Evidently, or has no answer where it has none', () => {
    const { reference, current, expected } = golden!
    let compared = 0
    reference.spec.forEach(({ name, type }, i) => {
      const kind = type === 'category' ? 'cat' : 'num'
      for (const [testName, verdict] of Object.entries(expected[name]!.tests ?? {})) {
        const driftTest = driftTests[testName as TestName]
        const pair = columnPair(kind, reference.columns[i]!, current.columns[i]!, type === 'int')
        if (verdict.error !== undefined) {
          const refused = expect.objectContaining({ code: 'column_not_testable' })
          expect(() => driftTest.score(pair), `${name}, ${testName}`).toThrow(refused)
        }
        if (verdict.score === undefined) continue
        if (verdict.raw && testName in MONTE_CARLO) {
          const drawn = MONTE_CARLO[testName as keyof typeof MONTE_CARLO](pair)
          const want = Object.values(verdict.raw)[0] as number
          expect(Math.abs(drawn.statistic - want), `${name}, ${testName}`).toBeLessThan(TOLERANCE)
          // Their permutations and ours are other ones: four standard errors of a share of 100 or 1,000.
          const se = Math.sqrt((0.25 * 2) / (testName === 'TVD' ? 1000 : 100))
          expect(Math.abs(drawn.pValue - Number(verdict.score)), `${name}, ${testName}`).toBeLessThan(4 * se)
          compared++
          continue
        }
        // Two values give a covariance of rank 1: numpy's pseudo-inverse then divides by its own rounding.
        if (testName === 'es' && pair.counts.values.length === 2) continue
        const score = driftTest.score(pair)
        // Chi-square of a constant has no degrees of freedom, and no value: the golden says 'NaN' in text.
        const want = Number(verdict.score)
        if (Number.isNaN(want)) expect(score, `${name}, ${testName}`).toBeNaN()
        else expect(Math.abs(score - want) / Math.max(1, want), `${name}, ${testName}`).toBeLessThan(TOLERANCE)
        expect(isDrifted(score, driftTest), `${name}, ${testName}`).toBe(verdict.drifted)
        compared++
      }
    })
    expect(compared).toBeGreaterThan(10)
  })
})
