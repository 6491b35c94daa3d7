import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sharedPath } from '../../test/shared.ts'
import { metricVectors } from '../../test/vectors.ts'
import { compareModels, type ScoredRows } from './comparison.ts'
import { entityNumbers } from './entities.ts'
import { type MetricName, metricsFor, type PromotionPolicy } from './policy.ts'
import { decidePromotion } from './promotion/decide-promotion.ts'
import { policyHash } from './promotion/policy-hash.ts'
import { countSample } from './sample.ts'
import { sliceHalves } from './slices/half.ts'

const policy: PromotionPolicy = {
  metric: 'auc',
  minGain: 0.01,
  confidence: 0.95,
  looks: 52,
  floor: 0.5,
  minPositives: 30,
  minNegatives: 30,
  minEntities: 100,
  minMaturedShare: 0.95,
  guards: { f1: { maxDrop: 0.02 }, logLoss: { maxRise: 0.02 } },
  sliceAlpha: 0.03,
  sliceMinHarm: 0.002,
}

const vector = metricVectors.vectors.find(({ name }) => name === 'continuous_200')!
const y = Float64Array.from(vector.y)
const keys = vector.y.map((_, i) => `user ${i}`)
const scored: ScoredRows = {
  kind: 'binary',
  y,
  entities: entityNumbers(keys),
  halves: sliceHalves(keys),
  champion: Float64Array.from(vector.score_b),
  challenger: Float64Array.from(vector.score),
  thresholds: { champion: 0.5, challenger: 0.5 },
  spec: [],
  columns: [],
  trainingBaseRate: 0.25,
  hashes: { rows: 'r', champion: 'a', challenger: 'b' },
}
const metricNames = metricsFor({ kind: 'binary' })
const compared = (
  change: Partial<ScoredRows> = {},
  under: PromotionPolicy = policy,
  alpha = 0.025,
): ReturnType<typeof compareModels> =>
  compareModels({ scored: { ...scored, ...change }, policy: under, alpha, metricNames })
const inMetric = (metric: MetricName) => compared({}, { ...policy, metric }).gain!

test('both models are measured on the same rows', () => {
  const { metrics } = compared()
  expect(metrics.champion!.auc).toBeCloseTo(vector.metrics_score_b.roc_auc!, 12)
  expect(metrics.challenger.auc).toBeCloseTo(vector.metrics.roc_auc!, 12)
  expect(Object.keys(metrics.challenger)).toEqual(metricNames)
})

test('the gain in AUC is paired DeLong', () => {
  const gain = compared().gain!
  expect(gain.estimate).toBeCloseTo(vector.delong.auc - vector.delong.auc_b, 12)
  expect(gain.se ** 2).toBeCloseTo(vector.delong.var_diff, 12)
  expect(gain.low + gain.high).toBeCloseTo(2 * gain.estimate, 12)
  expect(gain.method).toMatch(/DeLong/)
})

test.each([
  // mean, scipy.stats.sem and the lower end of scipy.stats.t.interval(0.95, 199) of the paired differences
  ['logLoss', 0.06432328989047838, 0.04025822577217151, -0.01506418188091982],
  ['brier', 0.026053917337849505, 0.016553655264953414, -0.006589171493162873],
  ['accuracy', 0.025, 0.0409911744392564, -0.055832814692056844],
] as const)('the gain in %s is the paired t interval, up being better', (metric, estimate, se, low) => {
  const gain = inMetric(metric)
  expect(gain.estimate).toBeCloseTo(estimate, 12)
  expect(gain.se).toBeCloseTo(se, 12)
  expect(gain.df).toBe(199)
  expect(gain.low).toBeCloseTo(low, 12)
})

test('F1 is compared at the number of flags that the training base rate expects', () => {
  const gain = inMetric('f1')
  // f1_score of scikit-learn when both flag their 50 highest scores; the jackknife's standard error is 0.0825.
  expect(gain.estimate).toBeCloseTo(0.07476635514018692, 12)
  expect(gain.se).toBeCloseTo(0.0825, 2)
  expect(gain.method).toMatch(/50 highest/)
})

test('the guards of the policy get their drop or rise, and no others are computed', () => {
  const { guards } = compared()
  expect(guards).toEqual({
    f1: { drop: -inMetric('f1').estimate, se: inMetric('f1').se },
    logLoss: { rise: -inMetric('logLoss').estimate, se: inMetric('logLoss').se },
  })
})

test('a first model has metrics and a floor, and nothing to be compared with', () => {
  const first = compared({ champion: null, thresholds: { champion: null, challenger: 0.5 } })
  expect(first).toMatchObject({ gain: null, guards: {}, metrics: { champion: null } })
  expect(first.floorLower).toBeGreaterThan(0.75)
  expect(first.floorLower).toBeLessThan(vector.metrics.roc_auc!)
})

test('rows of one entity widen the interval', () => {
  const pairs = keys.map((_, i) => `user ${i % 100}`)
  const doubled = (values: Float64Array) => Float64Array.from(values, (_, i) => values[i % 100]!)
  const twice = {
    y: doubled(y),
    champion: doubled(scored.champion!),
    challenger: doubled(scored.challenger),
  }
  const clustered = compared({ ...twice, entities: entityNumbers(pairs) }).gain!
  const naive = compared(twice).gain!
  expect(clustered.se / naive.se).toBeCloseTo(Math.SQRT2, 1)
})

test('positives of one entity alone leave no interval, and the gate holds', () => {
  const oneEntity = keys.map((key, i) => (y[i] === 1 ? 'the same' : key))
  const comparison = compared({ entities: entityNumbers(oneEntity) })
  expect(comparison.gain).toBeNull()
  const { outcome, reasons } = decidePromotion(evidenceOf(comparison), policy)
  expect(outcome).toBe('hold')
  expect(reasons).toContainEqual(expect.objectContaining({ code: 'evidence_missing', value: 'gain' }))
})

test('a sample is counted in rows of each class and in entities, and knows the largest', () => {
  const entities = entityNumbers(['a', 'b', 'a', 'c', 'c'])
  const binary = { kind: 'binary', classes: ['no', 'yes'] } as const
  expect(countSample(binary, Float64Array.of(0, 1, 1, 0, 0), entities)).toEqual({
    kind: 'binary',
    rows: 5,
    positives: 2,
    negatives: 3,
    rarest: null,
    entities: 3,
    largestShare: 0.4,
  })
  const classes = { kind: 'classes', classes: ['a', 'b', 'c'] } as const
  expect(countSample(classes, Float64Array.of(0, 1, 1, 0, 2), entities)).toMatchObject({ rarest: 1, positives: null })
  expect(countSample({ kind: 'number' }, Float64Array.of(0.5), entityNumbers(['a']))).toMatchObject({
    rarest: null,
    rows: 1,
  })
})

test.each(['averagePrecision', 'ks', 'ece'] as const)(
  'a gain in %s is resampled, with a bound at the level of the look',
  (metric) => {
    const first = inMetric(metric)
    expect(first).toMatchObject({ df: null, resampled: { alpha: 0.025, undefinedShare: 0 } })
    expect(first.resampled!.lower).toBe(first.low)
    const later = compared({}, { ...policy, metric }, 0.025 / 51).gain!
    expect(later.resampled!.lower).toBeLessThan(first.resampled!.lower)
    expect(inMetric(metric)).toEqual(first)
  },
)

test('a guard on what is resampled has the lower bound of the harm', () => {
  const { guards } = compared({}, { ...policy, guards: { ece: { maxRise: 0.01 }, ks: { maxDrop: 0.1 } } })
  expect(guards.ece).toEqual({ rise: expect.any(Number), se: expect.any(Number), lower: expect.any(Number) })
  const { drop, lower } = guards.ks as { drop: number; lower: number }
  expect(drop).toBeCloseTo(-inMetric('ks').estimate, 12)
  expect(lower).toBeLessThan(drop)
})

test('models of several classes and of numbers are compared', () => {
  const third = y.map((_, i) => i % 3)
  const likely = (hit: number) =>
    Float64Array.from({ length: 600 }, (_, k) => (k % 3 === third[Math.floor(k / 3)] ? hit : (1 - hit) / 2))
  const noisy = likely(0.5).map((p, k) => (Math.floor(k / 3) % 5 === 0 ? 1 / 3 : p))
  const under = { ...policy, metric: 'logLoss', guards: {} } as const
  const classes = { kind: 'classes', y: third, trainingBaseRate: null } as const
  const names = metricsFor({ kind: 'classes' })
  const better = compareModels({
    scored: { ...scored, ...classes, champion: noisy, challenger: likely(0.5) },
    policy: under,
    alpha: 0.025,
    metricNames: names,
  })
  expect(better.gain!.low).toBeGreaterThan(0)
  const first = { ...scored, ...classes, champion: null, challenger: noisy }
  expect(compareModels({ scored: first, policy: under, alpha: 0.025, metricNames: names }).floorLower).toBeGreaterThan(
    0.8,
  )
  const truth = y.map((_, i) => Math.sin(i))
  const numbers = compareModels({
    scored: {
      ...scored,
      kind: 'number',
      y: truth,
      champion: truth.map((v, i) => v + Math.cos(7 * i)),
      challenger: truth.map((v, i) => v + 0.5 * Math.cos(7 * i)),
      trainingBaseRate: null,
    },
    policy: { ...under, metric: 'rmse' },
    alpha: 0.025,
    metricNames: metricsFor({ kind: 'number' }),
  })
  expect(numbers.gain!.estimate).toBeCloseTo(0.5 * Math.SQRT1_2, 2)
  expect(numbers.gain!.low).toBeGreaterThan(0.25)
})

const golden = sharedPath('golden/splits/m1_val_scores_A.csv')

test.skipIf(golden === null)('on the real second month the challenger is proven better, as the bootstrap found', () => {
  const rows = readFileSync(golden!, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
  const column = (i: number) => Float64Array.from(rows, (row) => Number(row[i]))
  const keysOfRows = rows.map(([key]) => key!)
  const comparison = compared({
    y: column(1),
    entities: entityNumbers(keysOfRows),
    halves: sliceHalves(keysOfRows),
    champion: column(3),
    challenger: column(2),
  })
  expect(comparison.metrics.challenger).toMatchObject({
    auc: expect.closeTo(0.6397375836562171, 12),
    f1: expect.closeTo(0.09406952965235174, 12),
    accuracy: expect.closeTo(0.7484383872799546, 12),
  })
  // 2,000 bootstrap resamples gave 0.170 [0.125, 0.212].
  const gain = comparison.gain!
  expect([gain.estimate, gain.low, gain.high]).toEqual([0.17005, 0.1258, 0.2143].map((v) => expect.closeTo(v, 2)))
  expect(decidePromotion(evidenceOf(comparison), policy).outcome).toBe('promote')
})

function evidenceOf(comparison: ReturnType<typeof compareModels>) {
  return {
    ...comparison,
    policyHash: policyHash(policy),
    policyFrozenAt: 1,
    trainedAt: 2,
    firstModel: false,
    championId: 'v1',
    challengerId: 'v2',
    rowsHash: 'r',
    look: 1,
    overlap: { champion: { rows: 0, entities: 0 }, challenger: { rows: 0, entities: 0 } },
    sample: { positives: 400, negatives: 1300, entities: 1700, maturedShare: 1 },
    slices: [],
  }
}
