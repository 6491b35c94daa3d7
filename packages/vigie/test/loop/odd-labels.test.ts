import { expect, it } from 'vitest'
import { asOf } from '../../src/domain/as-of.ts'
import { loopForTests } from './loop-for-tests.ts'
import { type Oddity, oddMonth } from './odd-months.ts'
import { oddProject } from './odd-project.ts'

const loop = loopForTests()
const project = oddProject()
const [JANUARY, FEBRUARY, MARCH] = ['2024-01-31', '2024-02-29', '2024-03-31'] as const

const month = (name: string, odd?: Oddity) => oddMonth(loop.folder, name, odd)
const champion = async () => (await loop.ports.registry.champion('odd_model'))?.version ?? null

it.each([
  ['no positive', false],
  ['only positives', true],
])('a held-out month of %s gives the champion no reading; the next month is judged as ever', async (_what, all) => {
  await loop.run(project, await month('a'), JANUARY)
  const oneClass = await month('b', { seed: 2, outcome: (drawn, { heldOut }) => (heldOut ? all : drawn) })
  const odd = await loop.run(project, oneClass, FEBRUARY)
  expect(odd.retrain.text).toContain('auc of the champion: no reading')
  expect(await champion()).toBe(1)
  const page = await loop.ports.reports.read({ kind: 'monitor', asOf: asOf(FEBRUARY) }, 'html')
  expect(String(page)).toMatch(/AUC needs rows of both classes: (0 positives, \d+|\d+ positives, 0) negatives/)

  const next = await loop.run(project, await month('c', { seed: 3, law: 'y' }), MARCH)
  expect(next.decision?.outcome).toBe('promote')
})

it('a first month that held out no positive trains, holds and says what is missing', async () => {
  const first = await loop.run(
    project,
    await month('a', { outcome: (drawn, { heldOut }) => !heldOut && drawn }),
    JANUARY,
  )
  expect(first.comparison).toBeNull()
  expect(first.decision).toMatchObject({ outcome: 'hold' })
  expect(first.decision?.reasons).toContainEqual(
    expect.objectContaining({ kind: 'hold', code: 'too_few_positives', value: 0 }),
  )
  expect(await champion()).toBeNull()
})

it.each([
  ['no positive', (heldOut: boolean, drawn: boolean) => heldOut && drawn],
  ['only positives', (heldOut: boolean, drawn: boolean) => !heldOut || drawn],
])('training rows with %s hold the month, and the next one brings the first champion', async (_what, outcome) => {
  const dir = await month('a', { outcome: (drawn, { heldOut }) => outcome(heldOut, drawn) })
  const held = await loop.run(project, dir, JANUARY)
  expect(held).toMatchObject({ comparison: null, decision: { outcome: 'hold', reasons: [{ code: 'too_few_rows' }] } })
  expect(held.decision?.reasons[0]?.fix).toBeTruthy()
  expect(await loop.ports.registry.versions('odd_model')).toEqual([])

  await loop.run(project, await month('b', { seed: 2 }), FEBRUARY)
  expect(await champion()).toBe(1)
})

it.each([true, false])(
  'labels that are missing for half of the items hold the decision (keys listed: %s)',
  async (listed) => {
    const definition = oddProject({ listed })
    await loop.run(definition, await month('a'), JANUARY)
    const half = await month('b', { seed: 2, law: 'y', outcome: (drawn, { i }) => (i % 2 === 0 ? drawn : null) })
    const outcome = await loop.run(definition, half, FEBRUARY)
    expect(outcome.retrain.triggers).toContain('performance')
    expect(outcome.decision?.reasons).toContainEqual(
      expect.objectContaining({ kind: 'hold', code: 'labels_not_matured', value: 0.5 }),
    )
    expect(await champion()).toBe(1)
  },
)

it.each([1, 2])('a month of %d items holds', async (items) => {
  const outcome = await loop.run(project, await month('a', { items }), JANUARY)
  expect(outcome).toMatchObject({ ingest: { rows: items }, decision: { outcome: 'hold' } })
  await expect(loop.run(project, await month('b', { items, seed: 2 }), FEBRUARY)).resolves.toMatchObject({
    decision: { outcome: 'hold' },
  })
})

it('a hundred items are too few for the gate in any month', async () => {
  for (const [i, date] of [JANUARY, FEBRUARY].entries()) {
    const outcome = await loop.run(project, await month(`m${i}`, { items: 100, seed: i + 1 }), date)
    const held = outcome.decision?.reasons.filter(({ kind }) => kind === 'hold').map(({ code }) => code)
    expect(held).toContain('too_few_entities')
  }
  expect(await champion()).toBeNull()
})

it('labels in another order, CRLF and another set of items are the same to it', async () => {
  await loop.run(project, await month('a', { newline: '\r\n' }), JANUARY)
  const others = await month('b', { seed: 2, law: 'y', id: (i) => `item-${String(i + 300).padStart(4, '0')}` })
  const outcome = await loop.run(project, others, FEBRUARY)
  expect(outcome.decision?.outcome).toBe('promote')
})
