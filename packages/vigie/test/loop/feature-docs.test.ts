import { expect, it } from 'vitest'
import { asOf, endOfDayMs } from '../../src/domain/as-of.ts'
import { offlineFeatures, onlineFeatures } from '../../src/loop/entity-features.ts'
import { featureDocs, featureHistory } from '../../src/loop/feature-docs.ts'
import { loopForTests } from './loop-for-tests.ts'
import { oddMonth } from './odd-months.ts'
import { oddProject } from './odd-project.ts'

const loop = loopForTests()
const project = oddProject({ features: ['plan.*', 'use.y'] })
const [JANUARY, FEBRUARY] = ['2024-01-31', '2024-02-29'] as const

it('documents each feature: what it is, what the snapshots held of it, and who reads it', async () => {
  const before = await featureDocs(loop.ports, project)
  expect(before.map(({ name, newest, usedBy }) => [name, newest, usedBy])).toContainEqual(['plan.x', null, []])

  await loop.run(project, await oddMonth(loop.folder, 'a'), JANUARY)
  await loop.run(project, await oddMonth(loop.folder, 'b', { seed: 2, shift: 5 }), FEBRUARY)
  const docs = await featureDocs(loop.ports, project)
  const doc = (name: string) => docs.find((found) => found.name === name)
  expect(docs.map(({ name }) => name)).toEqual(['plan.x', 'plan.note', 'plan.k', 'plan.kind', 'use.y', 'use.flag'])
  expect(doc('plan.kind')).toMatchObject({
    type: 'category',
    categories: ['p', 'q', 'r'],
    source: 'plans',
    optional: false,
  })
  expect(doc('plan.note')).toMatchObject({
    optional: true,
    newest: { asOf: FEBRUARY, rows: 600, version: 1, delayMs: 0 },
  })
  expect(doc('plan.note')!.newest!.column.nulls / 600).toBeCloseTo(0.3, 1)
  // Only what a version was trained on counts as read by it.
  expect(doc('use.y')).toMatchObject({ usedBy: expect.arrayContaining([1]), usedByChampion: true })
  expect(doc('use.flag')).toMatchObject({ usedBy: [], usedByChampion: false })

  const { history } = await featureHistory(loop.ports, project, 'plan.x')
  expect(history.map(({ asOf: date }) => date)).toEqual([JANUARY, FEBRUARY])
  const [january, february] = history.map(({ column }) => column.numbers!.mean!)
  expect(february! - january!).toBeCloseTo(5, 0)
  await expect(featureHistory(loop.ports, project, 'plan.z')).rejects.toMatchObject({ code: 'feature_unknown' })
})

it('says of one key what is there, what is null and what was never there, now and at a time', async () => {
  const dir = await oddMonth(loop.folder, 'a', {
    plan: (row, { i }) => (i === 1 ? { ...row, note: '' } : row),
    hasUse: ({ i }) => i !== 1,
  })
  await loop.run(project, dir, JANUARY)
  const spec = project.model.features
  const now = Date.now() * 1000
  const online = onlineFeatures(project, spec)(loop.ports.online, 'item-0001', now)
  expect(online.statuses).toEqual(['PRESENT', 'NULL_VALUE', 'PRESENT', 'PRESENT', 'NOT_FOUND'])
  expect(online.eventTimes[0]).toBe(endOfDayMs(asOf(JANUARY)) * 1000 - 1)
  for (const at of [asOf(JANUARY), now]) {
    expect(await offlineFeatures(loop.ports, project, { key: 'item-0001', at, spec })).toEqual(online)
  }
  const earlier = await offlineFeatures(loop.ports, project, {
    key: 'item-0001',
    at: Date.UTC(2024, 0, 15) * 1000,
    spec,
  })
  expect(new Set(earlier.statuses)).toEqual(new Set(['NOT_FOUND']))

  const forgetful = oddProject()
  const aged = {
    ...forgetful,
    featureViews: { ...forgetful.featureViews, plan: { ...forgetful.featureViews.plan!, ttl: '10d' } },
  }
  const old = await offlineFeatures(loop.ports, aged, { key: 'item-0001', at: asOf('2024-02-29'), spec })
  expect(old.statuses).toEqual(Array.from(spec, ({ view }) => (view === 'plan' ? 'OUTSIDE_MAX_AGE' : 'NOT_FOUND')))
  expect(old.values.every(Number.isNaN)).toBe(true)
  expect(onlineFeatures(aged, spec)(loop.ports.online, 'item-0001', now)).toEqual(old)
})
