import { expect, test } from 'vitest'
import { comparisonPictures } from '../comparison-pictures.ts'
import { computeMetric } from '../metrics/evaluate.ts'
import { seededRandom } from '../random.ts'
import { answeredGroups } from './groups.ts'
import { residuals } from './residuals.ts'
import { rocCurve } from './roc.ts'
import { wilson } from './wilson.ts'

const random = seededRandom(5)
const rows = 3000
const scores = Float64Array.from({ length: rows }, () => Math.round(random.unit() * 200) / 200)
const y = scores.map((p) => (random.unit() < p ? 1 : 0))

test('the area below a ROC curve is the AUC, ties included', () => {
  const { x, y: up } = rocCurve({ kind: 'binary', y, scores })
  let area = 0
  for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (up[i]! + up[i - 1]!)) / 2
  expect(area).toBeCloseTo(computeMetric('auc', { kind: 'binary', y, scores }), 3)
  expect([x[0], up[0], x.at(-1), up.at(-1)]).toEqual([0, 0, 1, 1])
  expect(x.length).toBeLessThan(210)
  expect(rocCurve({ kind: 'binary', y: Float64Array.of(0, 1), scores: Float64Array.of(0.5, 0.5) })).toEqual({
    x: [0, 1],
    y: [0, 1],
  })
})

test("Wilson's interval is that of scipy.stats.binomtest(8, 10).proportion_ci(method='wilson')", () => {
  const { low, high } = wilson(8, 10)
  expect(low).toBeCloseTo(0.4901624715366418, 12)
  expect(high).toBeCloseTo(0.9433178485456247, 12)
  expect(wilson(0, 30)).toMatchObject({ low: 0, high: expect.closeTo(0.11351339317396873, 12) })
})

test('groups are about a tenth each, keep equal answers together and lose no row', () => {
  const share = (n: number, mean: number) => wilson(n * mean, n)
  const groups = answeredGroups(scores, y, share)
  expect(groups).toHaveLength(10)
  expect(groups.reduce((sum, group) => sum + group.rows, 0)).toBe(rows)
  for (const { rows: n, answered, low, high } of groups) {
    expect(n).toBeGreaterThan(250)
    expect(n).toBeLessThan(350)
    expect(answered).toBeGreaterThan(low - 0.03)
    expect(answered).toBeLessThan(high + 0.03)
  }
  expect(answeredGroups(new Float64Array(50).fill(0.5), new Float64Array(50), share)).toMatchObject([{ rows: 50 }])
  expect(answeredGroups(Float64Array.of(0.2), Float64Array.of(1), share)).toMatchObject([{ rows: 1, came: 1 }])
})

test('residuals of both models are on the same bins, and a few large ones do not flatten the others', () => {
  const truth = Float64Array.from({ length: 1000 }, (_, i) => (i === 0 ? 1e9 : i / 1000))
  const challenger = truth.map((value, i) => (i === 0 ? 0 : value + 0.1))
  const drawn = residuals(truth, { champion: new Float64Array(1000), challenger })
  expect(drawn.edges[0]).toBe(-drawn.edges.at(-1)!)
  expect(drawn.edges.at(-1)).toBeLessThan(2)
  expect(drawn).toMatchObject({ openLow: false, openHigh: true })
  for (const shares of [drawn.champion!, drawn.challenger]) {
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
  }
})

test('each target has its own pictures, and without a champion they are of one model', () => {
  const thresholds = { champion: 0.3, challenger: 0.5 }
  const binary = comparisonPictures({ kind: 'binary', y, champion: scores, challenger: scores, thresholds })
  expect(binary).toMatchObject({ kind: 'binary', thresholds: { champion: { threshold: 0.3 } } })
  const classes = comparisonPictures({
    kind: 'classes',
    y: Float64Array.of(0, 1, 2),
    champion: null,
    challenger: Float64Array.of(0.6, 0.2, 0.2, 0.5, 0.3, 0.2, 0, 0, 1),
    thresholds: { champion: null, challenger: null },
  })
  expect(classes).toEqual({
    kind: 'classes',
    confusion: {
      champion: null,
      challenger: [
        [1, 0, 0],
        [1, 0, 0],
        [0, 0, 1],
      ],
    },
  })
  const numbers = comparisonPictures({
    kind: 'number',
    y: scores,
    champion: null,
    challenger: y,
    thresholds: { champion: null, challenger: null },
  })
  expect(numbers).toMatchObject({ kind: 'number', predicted: { champion: null }, residuals: { champion: null } })
})
