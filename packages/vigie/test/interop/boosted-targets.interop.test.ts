import { afterAll, describe, expect, test } from 'vitest'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import type { FeatureSpec } from '../../src/domain/feature-spec.ts'
import { type Frame, takeRows } from '../../src/domain/frame.ts'
import type { Target } from '../../src/domain/model/target.ts'
import { seededRandom } from '../../src/domain/random.ts'
import { gradientBoosting } from '../../src/domain/trainer.ts'
import { ask, noPeers } from './peers.ts'

type Rows = Frame & { readonly label: Float64Array }

const ROWS = 8000
const categories = [...'abcdefghi']
const spec: FeatureSpec = Array.from({ length: 8 }, (_, f) => ({
  name: `v.f${f}`,
  view: 'v',
  feature: `f${f}`,
  optional: true,
  ...(f === 7 ? { type: 'category' as const, categories } : { type: 'int' as const }),
}))

/** Whole numbers, which every program bins alike, some null, and a category. */
function features(): Float64Array[] {
  const random = seededRandom(7)
  return spec.map(({ type }) =>
    Float64Array.from({ length: ROWS }, () =>
      type === 'category' ? random.below(9) : random.unit() < 0.1 ? Number.NaN : random.below(97),
    ),
  )
}

const columns = features()
const effects = [0, 2, -1, 3, 0.5, -2, 1, 0, 2.5]
const random = seededRandom(8)
const at = (f: number, i: number): number => (Number.isNaN(columns[f]![i]!) ? 30 : columns[f]![i]!)
const effect = (i: number): number => effects[at(7, i)]! / 2

const numbers = Float64Array.from({ length: ROWS }, (_, i) => {
  const known = Math.sin(at(0, i) / 15) + (at(1, i) > 40 ? at(2, i) / 50 : 0) + effect(i)
  return 1000 + 40 * (known + 1.5 * (random.unit() + random.unit() - 1))
})
/** The class whose score is the greatest after noise that makes it one of softmax. */
const classes = Float64Array.from({ length: ROWS }, (_, i) => {
  const known = [0, at(0, i) / 40 - 1 + effect(i), at(1, i) > 50 ? 1.5 : -0.5, 1.5 * Math.cos(at(3, i) / 20)]
  const drawn = known.map((score) => score - Math.log(-Math.log(random.unit())))
  return drawn.indexOf(Math.max(...drawn))
})
const weight = Float64Array.from({ length: ROWS }, () => 0.2 + 3 * random.unit())

const indices = [...columns[0]!.keys()]
const part = (label: Float64Array, weighted: boolean, from: number): Rows => {
  const keys = indices.map((i) => `k${i}`)
  const all = { spec, keys, columns, label, ...(weighted ? { weight } : {}) }
  return takeRows(all, indices.slice(from, from + ROWS / 2)) as Rows
}
const rowsOf = ({ keys, columns: of }: Frame): number[][] => keys.map((_, i) => of.map((column) => column[i]!))

const targets: readonly [string, Target, Float64Array][] = [
  ['a number', { kind: 'number' }, numbers],
  ['four classes', { kind: 'classes', classes: ['a', 'b', 'c', 'd'] }, classes],
]

function lossOf(target: Target, scores: ArrayLike<number>, label: Float64Array): number {
  const losses = label.map((y, i) => (target.kind === 'number' ? (scores[i]! - y) ** 2 : -Math.log(scores[i * 4 + y]!)))
  const mean = losses.reduce((a, b) => a + b) / label.length
  return target.kind === 'number' ? Math.sqrt(mean) : mean
}

describe.skipIf(noPeers)('boosting beside LightGBM', () => {
  const compute = workerThreads()
  afterAll(() => compute.close())

  async function both(target: Target, label: Float64Array, rounds: number, weighted: boolean, l2: number) {
    const trainer = gradientBoosting({ rounds, leaves: 15, learningRate: 0.1, l2 })
    const rows = part(label, weighted, 0)
    const asked = part(label, false, ROWS / 2)
    const hashes = { trainingRowsHash: '00'.repeat(32), definitionHash: '00'.repeat(32) }
    const { bytes } = await compute.run('fit', { trainer, rows, target, threshold: null, ...hashes })
    const ours = await compute.run('score', { artefact: bytes, rows: asked })
    const question = {
      trainer,
      classes: target.kind === 'number' ? 0 : 4,
      categories: [7],
      x: rowsOf(rows),
      y: [...rows.label],
      weight: rows.weight ? [...rows.weight] : null,
      xTest: rowsOf(asked),
    }
    const [theirs] = await ask<[number[]]>('boosted_targets.py', [question])
    return { ours, theirs, label: asked.label }
  }

  test.each(targets)('grows the first trees of LightGBM for %s', async (_, target, label) => {
    const { ours, theirs } = await both(target, label, 1, false, 0)
    // LightGBM keeps labels, gradients and scores as float32.
    const size = target.kind === 'number' ? 1000 : 1
    ours.forEach((score, i) => void expect(Math.abs(score - theirs[i]!)).toBeLessThan(1e-6 * size))
  })

  test.each(
    targets.flatMap(([name, target, label]) => [
      { name, target, label, weighted: false, l2: 0 },
      { name, target, label, weighted: true, l2: 5 },
    ]),
  )('has the loss of LightGBM for $name after 100 rounds, weighted: $weighted, l2 $l2', async (asked) => {
    const { target, label, weighted, l2 } = asked
    const { ours, theirs, label: y } = await both(target, label, 100, weighted, l2)
    const ratio = lossOf(target, ours, y) / lossOf(target, theirs, y)
    expect(ratio).toBeGreaterThan(0.99)
    expect(ratio).toBeLessThan(1.01)
  })
})
