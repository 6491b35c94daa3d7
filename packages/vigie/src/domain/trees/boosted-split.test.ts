import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BoostedSplitter, MIN_HESSIAN, newtonStep } from './boosted-split.ts'
import { addRows, subtract } from './histogram.ts'

interface Row {
  readonly bin: number
  readonly gradient: number
  readonly hessian: number
}

/** Above the sum of all second derivatives of these tests; all are multiples of 2^-10. */
const UNIT = 2 ** 20

const row = (maxBin: number, scale = 1, leastHessian = 1): fc.Arbitrary<Row> =>
  fc.record({
    bin: fc.integer({ min: 0, max: maxBin }),
    gradient: fc.integer({ min: -1024, max: 1024 }).map((g) => (g * scale) / 1024),
    hessian: fc.integer({ min: leastHessian, max: 256 }).map((h) => (h * scale) / 1024),
  })

function histogramOf(rows: readonly Row[], bins: number): Float64Array {
  const histogram = new Float64Array(2 * (bins + 1))
  const pairs = Float64Array.from(rows.flatMap(({ gradient, hessian }) => [gradient, hessian + UNIT]))
  const order = Int32Array.from(rows.keys())
  addRows(
    histogram,
    0,
    Uint8Array.from(rows, ({ bin }) => bin),
    order,
    pairs,
    0,
    rows.length,
  )
  return histogram
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Splits by who goes left, said plainly. */
function gainOf(rows: readonly Row[], goesLeft: (row: Row) => boolean, minRows: number, l2: number): number {
  const score = (side: readonly Row[]): number => {
    const hessian = sum(side.map((r) => r.hessian))
    if (side.length < minRows || hessian < MIN_HESSIAN) return Number.NEGATIVE_INFINITY
    return sum(side.map((r) => r.gradient)) ** 2 / (hessian + l2)
  }
  const whole = sum(rows.map((r) => r.gradient)) ** 2 / (sum(rows.map((r) => r.hessian)) + l2)
  return score(rows.filter(goesLeft)) + score(rows.filter((r) => !goesLeft(r))) - whole
}

function splitterFor(rows: readonly Row[], minRows: number, l2: number, way = 0, low = -Infinity, high = Infinity) {
  const splitter = new BoostedSplitter({ minRows, l2, monotone: Int8Array.of(way) })
  const gradient = sum(rows.map((r) => r.gradient))
  const packed = sum(rows.map((r) => r.hessian + UNIT))
  splitter.begin({ gradient, packed, low, high }, UNIT)
  return splitter
}

const settings = { minRows: fc.integer({ min: 1, max: 4 }), l2: fc.constantFrom(0, 0.5, 20) }

test('no threshold and no side for nulls gains more than the one that is found', () => {
  const input = fc.record({ rows: fc.array(row(6), { minLength: 2, maxLength: 30 }), ...settings })
  fc.assert(
    fc.property(input, ({ rows, minRows, l2 }) => {
      const splitter = splitterFor(rows, minRows, l2)
      splitter.tryThresholds(histogramOf(rows, 6), 0, 6, 0)
      const all: number[] = [0]
      for (let last = 1; last <= 6; last++) {
        for (const nullLeft of [true, false]) {
          all.push(gainOf(rows, ({ bin }) => (bin === 0 ? nullLeft : bin <= last), minRows, l2))
        }
      }
      const { gain, lastLeft, nullLeft, left } = splitter.best
      expect(gain).toBeCloseTo(Math.max(...all), 8)
      if (gain === 0) return
      const goesLeft = ({ bin }: Row) => (bin === 0 ? nullLeft === true : bin <= lastLeft)
      expect(gainOf(rows, goesLeft, minRows, l2)).toBeCloseTo(gain, 8)
      expect(left.gradient).toBe(sum(rows.filter(goesLeft).map((r) => r.gradient)))
      expect(left.packed).toBe(sum(rows.filter(goesLeft).map((r) => r.hessian + UNIT)))
      expect(nullLeft === null).toBe(rows.every(({ bin }) => bin !== 0))
    }),
    { numRuns: 2000 },
  )
})

test('no set of categories that are not rare gains more than the one that is found, null being one of them', () => {
  // So large that the smoothing of rare categories is nothing.
  const input = fc.record({ rows: fc.array(row(5, 100_000, 64), { minLength: 2, maxLength: 30 }) })
  fc.assert(
    fc.property(input, ({ rows }) => {
      const splitter = splitterFor(rows, 1, 0)
      splitter.tryCategories(histogramOf(rows, 5), 0, 5)
      const { gain, ranked, leftBins } = splitter.best
      let most = 0
      for (let set = 0; set < 64; set++) {
        most = Math.max(
          most,
          gainOf(rows, ({ bin }) => ((set >> bin) & 1) === 1, 1, 0),
        )
      }
      const whole = sum(rows.map((r) => r.gradient ** 2 / r.hessian))
      expect(gain).toBeLessThanOrEqual(most + 1e-9 * whole)
      // The smoothing may prefer a neighbour when two categories are almost equal.
      expect(gain).toBeGreaterThanOrEqual(most - 0.005 * whole)
      if (gain === 0) return
      const left = new Set(ranked.subarray(0, leftBins))
      expect(Math.abs(gainOf(rows, ({ bin }) => left.has(bin), 1, 0) - gain)).toBeLessThan(1e-9 * whole)
    }),
    { numRuns: 1000 },
  )
})

test('a monotone split has its sides the right way round and within bounds, and none that may be gains more', () => {
  const input = fc.record({
    rows: fc.array(row(5), { minLength: 2, maxLength: 30 }),
    way: fc.constantFrom(1, -1),
    low: fc.constantFrom(-Infinity, -0.5, 0.1),
    high: fc.constantFrom(Infinity, 0.3),
    ...settings,
  })
  fc.assert(
    fc.property(input, ({ rows, way, low, high, minRows, l2 }) => {
      const splitter = splitterFor(rows, minRows, l2, way, low, high)
      splitter.tryThresholds(histogramOf(rows, 5), 0, 5, way)
      const stepOf = (side: readonly Row[]): number =>
        newtonStep(sum(side.map((r) => r.gradient)), sum(side.map((r) => r.hessian)), l2, low, high)
      // What the second-order model of the loss says of a step, times two.
      const taken = (side: readonly Row[], step: number): number =>
        -sum(side.map((r) => 2 * r.gradient * step + r.hessian * step * step)) - l2 * step * step
      let most = 0
      for (let last = 1; last <= 5; last++) {
        for (const nullLeft of [true, false]) {
          const left = rows.filter(({ bin }) => (bin === 0 ? nullLeft : bin <= last))
          const right = rows.filter((r) => !left.includes(r))
          const tooSmall = [left, right].some(
            (side) => side.length < minRows || sum(side.map((r) => r.hessian)) < MIN_HESSIAN,
          )
          if (tooSmall) continue
          const onlyNulls = right.every(({ bin }) => bin === 0)
          if (!onlyNulls && (stepOf(right) - stepOf(left)) * way < 0) continue
          most = Math.max(most, taken(left, stepOf(left)) + taken(right, stepOf(right)) - taken(rows, stepOf(rows)))
        }
      }
      expect(splitter.best.gain).toBeCloseTo(most, 8)
    }),
    { numRuns: 1000 },
  )
})

test('a histogram less that of one child is that of the other, to the last bit', () => {
  fc.assert(
    fc.property(fc.array(row(6), { maxLength: 40 }), fc.nat(40), (rows, at) => {
      const histogram = new Float64Array(28)
      histogram.set(histogramOf(rows, 6))
      histogram.set(histogramOf(rows.slice(0, at), 6), 14)
      subtract(histogram, 0, 14, 14)
      expect(histogram.slice(0, 14)).toEqual(histogramOf(rows.slice(at), 6))
    }),
  )
})
