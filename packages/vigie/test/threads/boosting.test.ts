import { afterAll, expect, test } from 'vitest'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import type { Frame } from '../../src/domain/frame.ts'
import { parseArtefact } from '../../src/domain/model/artefact.ts'
import { type Model, scoreRow } from '../../src/domain/model/model.ts'
import { type GradientBoosting, gradientBoosting } from '../../src/domain/trainer.ts'
import type { Compute, Tasks } from '../../src/ports/compute.ts'
import { fitInput, syntheticRows } from './synthetic-rows.ts'

const open: Compute[] = []
afterAll(async () => {
  await Promise.all(open.map((compute) => compute.close()))
})

function threads(count: number): Compute {
  const compute = workerThreads({ threads: count })
  open.push(compute)
  return compute
}

const many = syntheticRows(130_000, 5)

const weight = many.label.map((_, i) => 1 + (i % 5) / 4)
const inThree = (rows: typeof many): Frame => ({ ...rows, weight, label: rows.label.map((y, i) => y + (i % 2)) })
const asNumbers = (rows: typeof many): Frame => ({ ...rows, weight, label: rows.label.map((y, i) => 10 * y + (i % 7)) })

/** Several fits of many rows, on machines that do other things too. */
const PATIENT = { timeout: 60_000 }

/** So many rows that threads help each other, with everything that is drawn. */
function boostingInput(options: Partial<GradientBoosting> = {}): Tasks['fit']['input'] {
  const trainer = gradientBoosting({
    rounds: 4,
    seed: 7,
    rowFraction: 0.8,
    columnFraction: 0.75,
    earlyStopping: { rounds: 5, fraction: 0.2 },
    ...options,
  })
  return { ...fitInput(), trainer, rows: many }
}

test('boosting gives the same bytes with 1, 2 and 8 threads, and again', PATIENT, async () => {
  const hashes = []
  for (const count of [1, 2, 8, 8]) hashes.push((await threads(count).run('fit', boostingInput())).sha256)
  expect(new Set(hashes).size).toBe(1)
  expect((await threads(2).run('fit', boostingInput({ seed: 8 }))).sha256).not.toBe(hashes[0])
})

test.each<[string, Partial<Tasks['fit']['input']>]>([
  ['several classes', { target: { kind: 'classes', classes: ['a', 'b', 'c'] }, threshold: null, rows: inThree(many) }],
  ['numbers', { target: { kind: 'number' }, threshold: null, rows: asNumbers(many) }],
])('boosting of %s and of weighted rows gives the same bytes with 1, 2 and 8 threads', PATIENT, async (_, labelled) => {
  const hashes = []
  for (const count of [1, 2, 8]) {
    const { sha256 } = await threads(count).run('fit', { ...boostingInput({ rounds: 2 }), ...labelled })
    hashes.push(sha256)
  }
  expect(new Set(hashes).size).toBe(1)
})

test('two fits at once share two threads, end, and do not disturb each other', PATIENT, async () => {
  const compute = threads(2)
  const whole = { rowFraction: 1, columnFraction: 1, earlyStopping: null }
  const [first, other, forest] = await Promise.all([
    compute.run('fit', boostingInput()),
    compute.run('fit', boostingInput(whole)),
    compute.run('fit', fitInput()),
  ])
  expect(first.sha256).toBe((await threads(1).run('fit', boostingInput())).sha256)
  expect(other.sha256).toBe((await threads(1).run('fit', boostingInput(whole))).sha256)
  expect(forest.sha256).toBe((await threads(1).run('fit', fitInput())).sha256)
})

test('a fit says how far it is, its artefact says what it is, and its scores are those of a walk', async () => {
  const shares: number[] = []
  const compute = threads(2)
  const trainer = gradientBoosting({ rounds: 25, leaves: 7, monotone: { 'v.float': 'increasing' } })
  const rows = syntheticRows(3000, 2)
  const { bytes } = await compute.run('fit', { ...fitInput(), trainer, rows }, (share) => shares.push(share))
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect(shares.at(-1)).toBe(1)
  const model = parseArtefact(bytes)
  const { header } = model
  expect(header).toMatchObject({ trainer, sections: { roots: 25 }, objective: { kind: 'logistic' } })
  const scores = await compute.run('score', { artefact: bytes, rows })
  scores.forEach((score, i) => {
    expect(score).toBe(
      answer(
        model,
        Float64Array.from(rows.columns, (column) => column[i]!),
      ),
    )
  })
})

test('a fit that is refused ends, with and without helpers', PATIENT, async () => {
  const oneClass = { ...many, label: new Float64Array(many.keys.length) }
  const unlucky = { earlyStopping: { rounds: 5, fraction: 1e-12 } }
  for (const input of [{ ...boostingInput(), rows: oneClass }, boostingInput(unlucky)]) {
    await expect(threads(2).run('fit', input)).rejects.toMatchObject({ code: 'too_few_rows', kind: 'rejected' })
  }
})

function answer(model: Model, row: Float64Array): number {
  const out = new Float64Array(1)
  scoreRow(model, row, out)
  return out[0]!
}
