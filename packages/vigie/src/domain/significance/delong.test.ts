import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gateVectors, metricVectors } from '../../../test/vectors.ts'
import { entityNumbers } from '../entities.ts'
import { aucInference, pairedDeLong } from './delong.ts'
import { interval, lowerBound } from './inference.ts'
import { placements } from './placements.ts'

const f64 = (values: readonly number[]) => Float64Array.from(values)

test.each(gateVectors.delongPaired)('paired DeLong of $name', (v) => {
  const result = pairedDeLong(f64(v.y), f64(v.champion), f64(v.challenger))
  expect(result.champion).toBeCloseTo(v.expect.aucA, 12)
  expect(result.challenger).toBeCloseTo(v.expect.aucB, 12)
  expect(result.gain).toBeCloseTo(v.expect.gain, 12)
  expect(result.se).toBeCloseTo(v.expect.se, 12)
  if (v.expect.df === null) expect(result.df).toBeNull()
  else expect(result.df).toBeCloseTo(v.expect.df, 10)
  for (const [alpha, bound] of Object.entries(v.expect.lower ?? {})) {
    expect(lowerBound({ estimate: result.gain, ...result }, Number(alpha))).toBeCloseTo(bound, 9)
  }
  if (v.componentsChampion) {
    expect(placements(f64(v.y), f64(v.champion)).values).toEqual(f64(v.componentsChampion))
    expect(placements(f64(v.y), f64(v.challenger)).values).toEqual(f64(v.componentsChallenger!))
  }
})

test.each(gateVectors.delongClustered)('clustered DeLong of $name', (v) => {
  const result = pairedDeLong(f64(v.y), f64(v.champion), f64(v.challenger), entityNumbers(v.entity))
  expect(result.champion).toBeCloseTo(v.expect.aucA, 12)
  expect(result.challenger).toBeCloseTo(v.expect.aucB, 12)
  expect(result.gain).toBeCloseTo(v.expect.gain, 12)
  expect(result.se).toBeCloseTo(v.expect.se, 12)
  expect(result.df).toBeCloseTo(v.expect.df, 10)
  const naive = pairedDeLong(f64(v.y), f64(v.champion), f64(v.challenger))
  expect(naive.se ** 2).toBeCloseTo(v.deLongVar, 12)
})

test.each(metricVectors.vectors)(
  'variances, z and p of $name equal the O(mn) definition',
  ({ y, score, score_b, delong }) => {
    const result = pairedDeLong(f64(y), f64(score_b), f64(score))
    expect(result.challenger).toBeCloseTo(delong.auc, 12)
    expect(result.se ** 2).toBeCloseTo(delong.var_diff, 12)
    expect(result.z).toBeCloseTo(delong.z, 10)
    expect(result.p).toBeCloseTo(delong.p_two_sided, 10)
    expect(aucInference(f64(y), f64(score)).se ** 2).toBeCloseTo(delong.var, 12)
    expect(aucInference(f64(y), f64(score_b)).se ** 2).toBeCloseTo(delong.var_b, 12)
  },
)

test('two models that rank every row alike have no standard error and no test', () => {
  const y = f64([0, 1, 0, 1])
  const result = pairedDeLong(y, f64([0.1, 0.2, 0.3, 0.4]), f64([1, 2, 3, 4]))
  expect(result).toMatchObject({ gain: 0, se: 0, df: null, z: null, p: null, low: 0, high: 0 })
})

test('one entity of a class gives no standard error', () => {
  const run = () => pairedDeLong(f64([0, 0, 1, 1]), f64([1, 2, 3, 4]), f64([1, 2, 4, 3]), Int32Array.of(0, 1, 2, 2))
  expect(run).toThrow(expect.objectContaining({ code: 'metric_undefined' }))
})

const pairedRows = fc
  .array(
    fc.record({
      y: fc.constantFrom(0, 1),
      a: fc.integer({ min: 0, max: 6 }),
      b: fc.integer({ min: 0, max: 6 }),
      entity: fc.integer({ min: 0, max: 9 }),
    }),
    { minLength: 6, maxLength: 40 },
  )
  .filter((rows) => [0, 1].every((label) => new Set(rows.filter((r) => r.y === label).map((r) => r.entity)).size >= 2))

test('the clustered variance is that of the definition by pairs', () => {
  fc.assert(
    fc.property(pairedRows, (rows) => {
      const entities = entityNumbers(rows.map((r) => String(r.entity)))
      const result = pairedDeLong(
        Float64Array.from(rows, (r) => r.y),
        Float64Array.from(rows, (r) => r.a),
        Float64Array.from(rows, (r) => r.b),
        entities,
      )
      expect(result.se ** 2).toBeCloseTo(Math.max(0, varianceByPairs(rows)), 10)
    }),
  )
})

test('the interval holds the gain in its middle, and swapping the models mirrors it', () => {
  fc.assert(
    fc.property(pairedRows, (rows) => {
      const y = Float64Array.from(rows, (r) => r.y)
      const a = Float64Array.from(rows, (r) => r.a)
      const b = Float64Array.from(rows, (r) => r.b)
      const [forth, back] = [pairedDeLong(y, a, b), pairedDeLong(y, b, a)]
      expect(forth.low + forth.high).toBeCloseTo(2 * forth.gain, 10)
      expect(back.low).toBeCloseTo(-forth.high, 10)
      expect(back.se).toBeCloseTo(forth.se, 10)
    }),
  )
})

test('a wider confidence gives a wider interval', () => {
  const inference = { estimate: 0.1, se: 0.05, df: 20 }
  expect(interval(inference, 0.99).low).toBeLessThan(interval(inference).low)
  // scipy.stats.t.interval(0.95, 20, 0.1, 0.05)
  expect(interval(inference).low).toBeCloseTo(-0.00429817236329319, 12)
  expect(interval(inference).high).toBeCloseTo(0.2042981723632932, 12)
})

/** Obuchowski's formula with placements counted pair by pair. */
function varianceByPairs(rows: readonly { y: number; a: number; b: number; entity: number }[]): number {
  const ofClass = (label: number) => rows.filter((r) => r.y === label)
  const wins = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0)
  const [negatives, positives] = [ofClass(0), ofClass(1)]
  const gained = (pos: { a: number; b: number }, neg: { a: number; b: number }) =>
    wins(pos.b, neg.b) - wins(pos.a, neg.a)
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length
  const gain = mean(positives.flatMap((pos) => negatives.map((neg) => gained(pos, neg))))
  const sums = (of: typeof rows, value: (row: (typeof rows)[number]) => number) => {
    const byEntity = new Map<number, number>()
    for (const row of of) byEntity.set(row.entity, (byEntity.get(row.entity) ?? 0) + value(row) - gain)
    return byEntity
  }
  const p = sums(positives, (pos) => mean(negatives.map((neg) => gained(pos, neg))))
  const n = sums(negatives, (neg) => mean(positives.map((pos) => gained(pos, neg))))
  const squares = (of: Map<number, number>) => [...of.values()].reduce((sum, v) => sum + v * v, 0)
  const cross = [...p].reduce((sum, [entity, v]) => sum + v * (n.get(entity) ?? 0), 0)
  const [n1, n0, all] = [positives.length, negatives.length, new Set(rows.map((r) => r.entity)).size]
  const s10 = (p.size / ((p.size - 1) * n1)) * squares(p)
  const s01 = (n.size / ((n.size - 1) * n0)) * squares(n)
  return s10 / n1 + s01 / n0 + (2 * (all / (all - 1)) * cross) / (n1 * n0)
}
