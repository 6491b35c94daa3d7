import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TRUE_OR_FALSE } from '../model/target.ts'
import { seededRandom } from '../random.ts'
import type { Bins } from './bins.ts'
import { boostedLoss } from './boosted-loss.ts'
import { gradientScale, roundGradients } from './gradients.ts'

const none = new Float64Array()
const noBins = (rows: number): Bins => ({
  rows,
  features: [],
  codes: new Uint8Array(),
  least: none,
  greatest: none,
  kernelMemory: null,
})

/** Rows with scores as extreme as they get, and their gradients. */
function pairsOf(rows: number, seed: number, spread: number, weights: readonly [number, number]) {
  const random = seededRandom(seed)
  const scores = Float64Array.from({ length: rows }, () => (random.unit() - 0.5) * spread)
  const label = Uint8Array.from({ length: rows }, () => random.below(2))
  const order = Int32Array.from({ length: rows }, (_, i) => i)
  const gradients = new Float64Array(2 * rows)
  const sums = { gradient: 0, packed: 0 }
  const set = { target: TRUE_OR_FALSE, label, weights, rowWeights: null, numbers: none, bins: noBins(rows) }
  const rough = { gradients: 0, hessians: 0 }
  const loss = boostedLoss(set, { scores, logSums: none }, { shift: 0, scale: 1 })
  loss.derive(gradients, rough, order, 0, rows, 0)
  const scale = gradientScale(rows, rough.gradients, rough.hessians)
  roundGradients(gradients, sums, order, 0, rows, scale)
  return { random, scores, label, gradients, sums, unit: scale.unit }
}

const sample = fc.record({
  rows: fc.integer({ min: 1, max: 3000 }),
  seed: fc.nat(),
  spread: fc.constantFrom(0, 1, 20, 1500),
  weight: fc.constantFrom(1, 0.001, 513.7),
})

test('sums of any rows in any order are the same to the last bit, and say how many rows they are', () => {
  fc.assert(
    fc.property(sample, ({ rows, seed, spread, weight }) => {
      const { random, gradients, sums, unit } = pairsOf(rows, seed, spread, [1, weight])
      let [forwards, backwards, parts] = [0, 0, 0]
      let [packed, packedBack, packedParts, counted] = [0, 0, 0, 0]
      for (let i = 0; i < rows; i++) {
        forwards += gradients[2 * i]!
        packed += gradients[2 * i + 1]!
        backwards += gradients[2 * (rows - 1 - i)]!
        packedBack += gradients[2 * (rows - 1 - i) + 1]!
        if (random.below(2) === 0) continue
        parts += gradients[2 * i]!
        packedParts += gradients[2 * i + 1]!
        counted++
      }
      expect([forwards, packed]).toEqual([sums.gradient, sums.packed])
      expect([backwards, packedBack]).toEqual([sums.gradient, sums.packed])
      expect(Math.floor(packed / unit)).toBe(rows)
      expect(Math.floor(packedParts / unit)).toBe(counted)
      expect(forwards - (forwards - parts)).toBe(parts)
      expect(packed - (packed - packedParts)).toBe(packedParts)
    }),
  )
})

test('they are the derivatives of the weighted log loss, rounded by next to nothing', () => {
  const { scores, label, gradients, unit } = pairsOf(5000, 3, 8, [0.6, 2.5])
  for (let i = 0; i < 5000; i++) {
    const weight = label[i] === 1 ? 2.5 : 0.6
    const loss = (x: number): number => weight * Math.log1p(Math.exp(label[i] === 1 ? -x : x))
    const at = scores[i]!
    const slope = (loss(at + 1e-5) - loss(at - 1e-5)) / 2e-5
    const bend = (loss(at + 1e-3) - 2 * loss(at) + loss(at - 1e-3)) / 1e-6
    expect(gradients[2 * i]).toBeCloseTo(slope, 8)
    expect(gradients[2 * i + 1]! - unit).toBeCloseTo(bend, 6)
  }
})
