import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, expect, test } from 'vitest'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import type { Frame } from '../../src/domain/frame.ts'
import { parseArtefact } from '../../src/domain/model/artefact.ts'
import { type Model, scoreRow } from '../../src/domain/model/model.ts'
import type { Target } from '../../src/domain/model/target.ts'
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

test('the same rows, parameters and seed give the same bytes with 1, 2 and 4 threads, and again', async () => {
  const hashes = []
  for (const count of [1, 2, 4, 4]) hashes.push((await threads(count).run('fit', fitInput())).sha256)
  expect(new Set(hashes).size).toBe(1)
  expect((await threads(2).run('fit', fitInput({ seed: 8 }))).sha256).not.toBe(hashes[0])
})

const CLASSES: Target = { kind: 'classes', classes: ['a', 'b', 'c'] }

test.each<[string, Target, (row: number) => number]>([
  ['several classes', CLASSES, (row) => row % 3],
  ['a number', { kind: 'number' }, (row) => Math.sin(row)],
])('so does a forest of %s, with weighted rows', async (_, target, labelOf) => {
  const input = fitInput()
  const label = Float64Array.from(input.rows.keys, (_key, row) => labelOf(row) || 0)
  const weight = Float64Array.from(label, (_y, row) => 1 + (row % 5))
  const other = { ...input, target, threshold: null, rows: { ...input.rows, label, weight } }
  const hashes = []
  for (const count of [1, 2, 4]) hashes.push((await threads(count).run('fit', other)).sha256)
  expect(new Set(hashes).size).toBe(1)
})

test('two fits at once do not disturb each other', async () => {
  const compute = threads(2)
  const alone = await compute.run('fit', fitInput())
  const [first, other] = await Promise.all([compute.run('fit', fitInput()), compute.run('fit', fitInput({ seed: 8 }))])
  expect(first.sha256).toBe(alone.sha256)
  expect(other.sha256).not.toBe(alone.sha256)
})

test('a fit says how far it is, and its artefact says what it is', async () => {
  const shares: number[] = []
  const input = fitInput()
  const { bytes } = await threads(2).run('fit', input, (share) => shares.push(share))
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect(shares.at(-1)).toBe(1)
  const model = parseArtefact(bytes)
  const { header } = model
  expect(header).toMatchObject({
    trainer: input.trainer,
    features: input.rows.spec,
    target: input.target,
    threshold: input.threshold,
    trainingRowsHash: input.trainingRowsHash,
    definitionHash: input.definitionHash,
  })
  expect(header.sections.roots).toBe(60)
})

test('scores are those of a walk, row by row', async () => {
  const compute = threads(2)
  const { bytes } = await compute.run('fit', fitInput())
  const rows = syntheticRows(3000, 2)
  const scores = await compute.run('score', { artefact: bytes, rows })
  const model = parseArtefact(bytes)
  expect(scores).toHaveLength(3000)
  scores.forEach((score, i) => {
    expect(score).toBe(
      answer(
        model,
        Float64Array.from(rows.columns, (column) => column[i]!),
      ),
    )
  })
})

test('what the caller gave is left as it was, also when columns are views of one buffer', async () => {
  const rows = syntheticRows(400, 3)
  const buffer = new Float64Array(rows.columns.length * 400)
  const columns = rows.columns.map((column, f) => {
    buffer.set(column, f * 400)
    return buffer.subarray(f * 400, (f + 1) * 400)
  })
  const compute = threads(2)
  const fromViews = await compute.run('fit', { ...fitInput(), rows: { ...rows, columns } })
  const fromColumns = await compute.run('fit', { ...fitInput(), rows })
  expect(fromViews.sha256).toBe(fromColumns.sha256)
  await compute.run('score', { artefact: fromViews.bytes, rows })
  expect(buffer.length).toBe(columns.length * 400)
  expect(fromViews.bytes.length).toBe(fromColumns.bytes.length)
})

test.each<[string, Partial<Frame>, string]>([
  ['labels of one class', { label: new Float64Array(400) }, 'too_few_rows'],
  ['65 categories', { spec: withCategories(65) }, 'too_many_categories'],
])('a fit is refused for %s', async (_, change, code) => {
  const input = fitInput()
  const refused = threads(2).run('fit', { ...input, rows: { ...input.rows, ...change } })
  await expect(refused).rejects.toMatchObject({ code, kind: 'rejected' })
})

test('bytes that are no model, and rows of other features, are refused', async () => {
  const compute = threads(1)
  const rows = syntheticRows(400, 1)
  const { bytes } = await compute.run('fit', fitInput())
  const damaged = bytes.slice(0, -16)
  await expect(compute.run('score', { artefact: damaged, rows })).rejects.toMatchObject({ code: 'artefact_invalid' })
  const others = { ...rows, spec: withCategories(3) }
  await expect(compute.run('score', { artefact: bytes, rows: others })).rejects.toMatchObject({
    code: 'feature_spec_mismatch',
  })
})

test('a program that has nothing more to do ends, though it never closed its threads', async () => {
  const child = spawn(process.execPath, [...process.execArgv, new URL('./fit-and-leave.ts', import.meta.url).pathname])
  const [status] = await once(child, 'exit')
  expect(status).toBe(0)
})

function withCategories(count: number): Tasks['fit']['input']['rows']['spec'] {
  return syntheticRows(1, 1).spec.map((column) => {
    if (column.type !== 'category') return column
    return { ...column, categories: Array.from({ length: count }, (_, i) => `c${i}`) }
  })
}

function answer(model: Model, row: Float64Array): number {
  const out = new Float64Array(1)
  scoreRow(model, row, out)
  return out[0]!
}
