import { expect, it } from 'vitest'
import { asOf } from '../../src/domain/as-of.ts'
import { labelledRows, split } from '../../src/loop/dataset.ts'
import { evaluate } from '../../src/loop/evaluate.ts'
import { nowMicros, onlineRequest } from '../../src/loop/online-request.ts'
import { train } from '../../src/loop/train.ts'
import { loopForTests } from './loop-for-tests.ts'
import { type Oddity, oddMonth } from './odd-months.ts'
import { oddProject } from './odd-project.ts'

const loop = loopForTests()
const project = oddProject()
const [JANUARY, FEBRUARY] = ['2024-01-31', '2024-02-29'] as const

const month = (name: string, odd?: Oddity) => oddMonth(loop.folder, name, odd)

it('items without a row in one view are neither trained on nor compared, and are counted', async () => {
  const outcome = await loop.run(project, await month('a', { hasUse: ({ i }) => i % 6 !== 0 }), JANUARY)
  const asked = { asOf: asOf(JANUARY) }
  const dataset = await labelledRows(loop.ports, project, asked.asOf)
  const { training, heldOut } = split(dataset, project.model.holdout)
  expect(dataset.rows.keys.length).toBe(600)
  expect(training.incomplete + heldOut.incomplete).toBe(100)
  for (const part of [training, heldOut]) {
    const y = part.rows.columns[part.rows.spec.findIndex(({ name }) => name === 'use.y')]!
    expect(y.some(Number.isNaN)).toBe(false)
  }
  const trained = await train(loop.ports, project, asked)
  expect(trained).toMatchObject({ version: 1, rows: training.rows.keys.length, incomplete: training.incomplete })
  const evaluated = await evaluate(loop.ports, project, { ...asked, challenger: 1 })
  expect(evaluated.incomplete).toBe(heldOut.incomplete)
  expect(outcome.comparison?.rows).toBe(heldOut.rows.keys.length)
  expect(outcome.decision?.outcome).toBe('promote')
})

it('items that lose their row keep the values that were known before', async () => {
  await loop.run(project, await month('a'), JANUARY)
  await loop.run(project, await month('b', { seed: 2, hasUse: ({ i }) => i % 6 !== 0 }), FEBRUARY)
  const { training, heldOut } = split(await labelledRows(loop.ports, project, asOf(FEBRUARY)), project.model.holdout)
  expect(training.incomplete + heldOut.incomplete).toBe(0)
})

const empty: Oddity['plan'] = (row) => ({ ...row, note: '' })
it.each([
  ['the first', empty, undefined, 'none of 600 reference rows has a value'],
  ['the second', undefined, empty, 'none of 600 current rows has a value'],
  ['both', empty, empty, 'none of 600 reference rows and none of 600 current rows has a value'],
])('an optional feature without any value in %s of two months is trained on and not judged', async (_, a, b, why) => {
  await loop.run(project, await month('a', a ? { plan: a } : {}), JANUARY)
  const second = await month('b', { seed: 2, law: 'y', ...(b ? { plan: b } : {}) })
  const outcome = await loop.run(project, second, FEBRUARY)
  expect(outcome.drift?.notTestable).toEqual([{ name: 'plan.note', code: 'column_without_values', why }])
  expect(outcome.drift?.features.length).toBe(5)
  expect(outcome.decision?.outcome).toBe('promote')
})

it('features that are constant have not drifted', async () => {
  const constant: Oddity['plan'] = (row) => ({ ...row, k: '3', kind: 'q' })
  await loop.run(project, await month('a', { plan: constant }), JANUARY)
  const outcome = await loop.run(project, await month('b', { seed: 2, plan: constant }), FEBRUARY)
  const scores = outcome.drift?.features.filter(({ name }) => name === 'plan.k' || name === 'plan.kind')
  expect(scores?.map(({ score, drifted }) => ({ score, drifted }))).toEqual([
    { score: 1, drifted: false },
    { score: 1, drifted: false },
  ])
})

it('numbers at the ends of their types and odd keys go all the way through', async () => {
  const keys = ['__proto__', 'constructor', '0007', 'q"uo,te', 'é名', '-1', ' a ', 'k'.repeat(256)]
  const id = (i: number) => keys[i] ?? `item-${i}`
  const ends = ['9007199254740991', '-9007199254740991', '0']
  const tiny = ['5e-324', '-0', '1.7976931348623157e308', '-1.7976931348623157e308']
  const plan: Oddity['plan'] = (row, { i }) => ({
    ...row,
    x: String((i % 2 === 0 ? 1 : -1) * Number(row.x) * 1.7e307),
    k: ends[i % 3]!,
    note: tiny[i % 4]!,
  })
  await loop.run(project, await month('a', { id, plan }), JANUARY)
  const outcome = await loop.run(project, await month('b', { id, plan, seed: 2, law: 'y' }), FEBRUARY)
  expect(outcome.decision?.outcome).toBe('promote')
  for (const [i, key] of keys.entries()) {
    const { features } = project.model
    const read = loop.ports.online.read(key, onlineRequest(project, features), nowMicros())
    expect(read.values[features.findIndex(({ name }) => name === 'plan.k')]).toBe(Number(ends[i % 3]))
  }
})
