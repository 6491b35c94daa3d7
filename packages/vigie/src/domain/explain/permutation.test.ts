import { expect, test } from 'vitest'
import type { Model } from '../model/model.ts'
import { TRUE_OR_FALSE } from '../model/target.ts'
import { seededRandom } from '../random.ts'
import { packed } from './fixtures/told-trees.ts'
import { lossOf, shuffledMetrics, type UnseenRows } from './permutation.ts'

const ROWS = 400
const random = seededRandom(2)
const draw = () => Float64Array.from({ length: ROWS }, random.unit)

/** Feature 0 decides, feature 1 is there, feature 2 is read by no tree. */
function part(): UnseenRows {
  const columns = [draw(), draw(), draw()]
  const forest = packed(
    [
      [
        [0, 0.5, 0, 100, 1],
        [-1, 0.1, 0, 50, 0],
        [1, 0.5, 0, 50, 3],
        [-1, 0.85, 0, 25, 0],
        [-1, 0.95, 0, 25, 0],
      ],
    ],
    null,
  )
  const header = { target: TRUE_OR_FALSE, threshold: 0.5, features: [] }
  const model = { header, body: { kind: 'forest', forest }, calibration: null } as unknown as Model
  return { model, columns, label: columns[0]!.map((x) => (x > 0.5 ? 1 : 0)), weight: null }
}
const parts = [part(), part()]
const units = [0, 1, 2].map((f) => ({ number: f, features: [f] }))
const how = { repetitions: 4, seed: 1 }

test('shuffling what decides loses the ranking, shuffling what no tree reads loses nothing', () => {
  const { value, shuffled } = shuffledMetrics(parts, { metric: 'auc', units, ...how })
  expect(value).toBe(1)
  const [decides, , unread] = [0, 1, 2].map((u) => lossOf('auc', value, shuffled.subarray(u * 4, u * 4 + 4)))
  expect(decides!.estimate).toBeCloseTo(0.5, 1)
  expect(decides!.low).toBeGreaterThan(0.4)
  expect(unread).toEqual({ estimate: 0, low: 0, high: 0 })
})

test('a loss gets worse upwards', () => {
  const { value, shuffled } = shuffledMetrics(parts, { metric: 'logLoss', units: [units[0]!], ...how })
  expect(lossOf('logLoss', value, shuffled).estimate).toBeGreaterThan(0.5)
})

test('who computes which unit changes nothing', () => {
  const all = shuffledMetrics(parts, { metric: 'auc', units, ...how }).shuffled
  const last = shuffledMetrics(parts, { metric: 'auc', units: units.slice(1), ...how }).shuffled
  expect(all.subarray(4)).toEqual(last)
})
