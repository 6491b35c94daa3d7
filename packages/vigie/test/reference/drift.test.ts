import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { columnPair } from '../../src/domain/drift/column-pair.ts'
import { driftTests, isDrifted, type TestName } from '../../src/domain/drift/drift-tests.ts'
import { driftReport } from '../../src/domain/drift/report.ts'
import { sharedPath } from '../shared.ts'
import { goldenPair } from './golden-pair.ts'

const TOLERANCE = 1e-9

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

  test.skipIf(!golden)('every other test that exists gives the score of Evidently', () => {
    const { reference, current, expected } = golden!
    let compared = 0
    reference.spec.forEach(({ name, type }, i) => {
      const kind = type === 'float' ? 'num' : 'cat'
      for (const [testName, verdict] of Object.entries(expected[name]!.tests ?? {})) {
        if (!Object.hasOwn(driftTests, testName) || verdict.score === undefined) continue
        const driftTest = driftTests[testName as TestName]
        const score = driftTest.score(columnPair(kind, reference.columns[i]!, current.columns[i]!))
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
