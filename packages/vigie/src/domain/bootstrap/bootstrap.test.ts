import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gateVectors } from '../../../test/vectors.ts'
import { oneRowEach } from '../entities.ts'
import type { Answers } from '../metrics/answers.ts'
import { computeMetric } from '../metrics/evaluate.ts'
import { statisticOf } from '../metrics/statistic.ts'
import { type MetricName, metricsFor } from '../policy.ts'
import { seededRandom } from '../random.ts'
import { hasClosedForm } from '../significance/metric-inference.ts'
import { pairedGain, type ScoredPair } from '../significance/paired-gain.ts'
import { bcaBound, correction } from './bca.ts'
import { bootstrapAll } from './bootstrap.ts'
import { metricBootstrap, pairedBootstrap } from './paired-bootstrap.ts'
import { jackknife } from './replicates.ts'
import { comparisonSeed } from './seed.ts'
import { drawnUnits } from './units.ts'

const { bca } = gateVectors
const y = Float64Array.from(bca.y)
const n = y.length
const answers = (scores: readonly number[]): Answers => ({ kind: 'binary', y, scores: Float64Array.from(scores) })
const seed = comparisonSeed('rows', 'champion', 'challenger')

test.each(bca.cases)('BCa bounds of $metric', (v) => {
  const metric = v.metric.startsWith('brier') ? 'brier' : 'f1'
  const sign = metric === 'brier' ? -1 : 1
  const [before, after] = [bca.champion, bca.challenger].map((scores) =>
    statisticOf(metric, answers(scores), oneRowEach(n), n),
  ) as [(counts: Float64Array) => number, (counts: Float64Array) => number]
  const gain = (counts: Float64Array) => sign * (after(counts) - before(counts))
  const replicates = Float64Array.from(bca.resamples, (rows) => {
    const counts = new Float64Array(n)
    for (const row of rows) counts[row]!++
    return gain(counts)
  })
  for (const [i, value] of v.replicates.entries()) expect(replicates[i]).toBeCloseTo(value, 12)
  const leftOut = jackknife((counts) => [gain(counts)], n)[0]!
  for (const [i, value] of v.jackknife.entries()) expect(leftOut[i]).toBeCloseTo(value, 12)

  // From the recorded replicates: ours differ in the last bit, and ties with the estimate count half.
  const corrected = correction(v.estimate, Float64Array.from(v.replicates), Float64Array.from(v.jackknife))
  expect(corrected.z0).toBeCloseTo(v.expect.z0, 10)
  expect(corrected.a).toBeCloseTo(v.expect.a, 10)
  const ascending = Float64Array.from(v.replicates).sort()
  expect(bcaBound(ascending, corrected, 0.05)).toBeCloseTo(v.expect.lower, 10)
  expect(bcaBound(ascending, corrected, 0.95)).toBeCloseTo(v.expect.upper, 10)
})

/** Two models of different strength on rows of which `perEntity` belong together. */
function pairOf(kind: 'binary' | 'classes' | 'number', rows: number, perEntity = 1): ScoredPair {
  const random = seededRandom(11)
  const normal = () => Math.sqrt(-2 * Math.log(random.unit() + 2 ** -40)) * Math.cos(2 * Math.PI * random.unit())
  const classes = kind === 'classes' ? 3 : 1
  const truth = Float64Array.from({ length: rows }, () =>
    kind === 'number' ? 5 * normal() : random.below(kind === 'binary' ? 2 : 3),
  )
  const answered = (strength: number) =>
    Float64Array.from({ length: rows }, (_, i) => i).reduce(
      (scores, i) => {
        if (kind === 'number') scores[i] = truth[i]! + normal() / strength
        else if (kind === 'binary') scores[i] = 1 / (1 + Math.exp(-(strength * (truth[i]! - 0.5) + normal())))
        else {
          const exps = [0, 1, 2].map((k) => Math.exp((truth[i] === k ? strength : 0) + normal()))
          const sum = exps.reduce((a, b) => a + b)
          for (const [k, e] of exps.entries()) scores[i * 3 + k] = e / sum
        }
        return scores
      },
      new Float64Array(rows * classes),
    )
  return {
    kind,
    y: truth,
    entities: Int32Array.from({ length: rows }, (_, i) => Math.floor(i / perEntity)),
    champion: answered(1),
    challenger: answered(1.3),
    thresholds: { champion: 0.5, challenger: 0.5 },
    flagged: null,
  }
}

const closed = (['binary', 'classes', 'number'] as const).flatMap((kind) =>
  metricsFor({ kind })
    .filter((metric) => hasClosedForm(metric, { kind }))
    .map((metric) => ({ kind, metric })),
)

test.each(closed)('the standard error of the gain in $metric of $kind is that of its formula', ({ kind, metric }) => {
  const pair = pairOf(kind, 1200, 2)
  const formula = pairedGain(metric, pair)
  const resampled = pairedBootstrap(metric, pair, { seed, replicates: 1500 })
  expect(resampled.estimate).toBeCloseTo(formula.estimate, 12)
  expect(resampled.se / formula.se).toBeGreaterThan(0.92)
  expect(resampled.se / formula.se).toBeLessThan(1.08)
})

test.each(closed)('so it is with weights: $metric of $kind', ({ kind, metric }) => {
  if (metric === 'auc') return
  const plain = pairOf(kind, 800)
  const pair = { ...plain, weights: plain.y.map((_, i) => 0.2 + (i % 7)) }
  const resampled = pairedBootstrap(metric, pair, { seed, replicates: 1500 })
  const formula = pairedGain(metric, pair)
  expect(resampled.estimate).toBeCloseTo(formula.estimate, 12)
  expect(resampled.se / formula.se).toBeGreaterThan(0.92)
  expect(resampled.se / formula.se).toBeLessThan(1.08)
})

test('a resample is the metric of the rows that were drawn, each as often as it was', () => {
  const kinds = ['binary', 'classes', 'number'] as const
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 30, maxLength: 30 }),
      (kind, times) => {
        const { y: truth, challenger } = pairOf(kind, 30)
        const width = challenger.length / 30
        const drawn = times.flatMap((count, row) => new Array<number>(count).fill(row))
        fc.pre(new Set(drawn.map((row) => truth[row])).size === (kind === 'classes' ? 3 : 2) || kind === 'number')
        fc.pre(drawn.length > 1)
        const copied: Answers = {
          kind,
          y: Float64Array.from(drawn, (row) => truth[row]!),
          scores: Float64Array.from(drawn.flatMap((row) => [...challenger.subarray(row * width, (row + 1) * width)])),
        }
        const whole: Answers = { kind, y: truth, scores: challenger }
        for (const metric of metricsFor({ kind })) {
          const value = statisticOf(metric, whole, oneRowEach(30), 30)(Float64Array.from(times))
          expect(value, metric).toBeCloseTo(computeMetric(metric, copied), 9)
        }
      },
    ),
    { numRuns: 50 },
  )
})

test('the same seed gives the same bits, and the lower bound goes down with its level', () => {
  const pair = pairOf('binary', 300)
  const at = (alpha: number) => pairedBootstrap('averagePrecision', pair, { alpha, seed, replicates: 400 })
  expect(at(0.025)).toEqual(at(0.025))
  expect(at(0.025).lower).toBe(at(0.025).low)
  expect(at(0.05).lower).toBeGreaterThan(at(0.025).lower)
  expect(at(0.0005).lower).toBeLessThan(at(0.025).lower)
})

test('a sharper level than the replicates can show takes the standard deviation alone', () => {
  const { estimate, se, lower } = pairedBootstrap('ks', pairOf('binary', 300), { alpha: 0.0005, seed, replicates: 400 })
  expect(lower).toBeCloseTo(estimate - 3.2905267314918945 * se, 9) // scipy.stats.norm.ppf(0.9995)
})

test('more than 20,000 entities are drawn in blocks, and the error is the same', () => {
  const pair = pairOf('binary', 40_000)
  const units = drawnUnits(pair.entities)
  expect(units.count).toBe(4096)
  const inBlocks = pairedBootstrap('brier', pair, { seed, replicates: 500 })
  expect(inBlocks.se / pairedGain('brier', pair).se).toBeGreaterThan(0.9)
  expect(inBlocks.se / pairedGain('brier', pair).se).toBeLessThan(1.1)
  const ranked = pairedBootstrap('auc', pair, { seed, replicates: 500 })
  expect(ranked.estimate).toBeCloseTo(pairedGain('auc', pair).estimate, 12)
  expect(ranked.se / pairedGain('auc', pair).se).toBeGreaterThan(0.9)
  expect(ranked.se / pairedGain('auc', pair).se).toBeLessThan(1.1)
})

test('resamples without a value are drawn again and counted; when most are, there is no interval', () => {
  const rare = { ...pairOf('binary', 60), y: new Float64Array(60) }
  rare.y.set([1, 1, 1, 1])
  const { undefinedShare, replicates } = pairedBootstrap('auc', rare, { seed, replicates: 500 })
  expect(replicates).toBe(500)
  // A draw misses four rows of sixty with probability (56/60)^60 = 0.016.
  expect(undefinedShare).toBeGreaterThan(0.004)
  expect(undefinedShare).toBeLessThan(0.04)
  const none = () => bootstrapAll(() => [Number.NaN], 10, { seed, replicates: 100 })
  expect(none).toThrow(expect.objectContaining({ code: 'metric_undefined' }))
})

test.each(['averagePrecision', 'ece', 'ks'] as const)('the interval of %s lies around it', (metric: MetricName) => {
  const { kind, y: truth, challenger, entities } = pairOf('binary', 500)
  const whole: Answers = { kind, y: truth, scores: challenger }
  const { estimate, low, high } = metricBootstrap(metric, whole, entities, { seed, replicates: 500 })
  expect(estimate).toBe(computeMetric(metric, whole))
  expect(low).toBeLessThan(estimate)
  expect(high).toBeGreaterThan(estimate)
})
