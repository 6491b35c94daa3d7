import { beforeEach, expect, it } from 'vitest'
import { asOf } from '../../src/domain/as-of.ts'
import { compareVersions } from '../../src/loop/compare-versions.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { train } from '../../src/loop/train.ts'
import { loopForTests } from './loop-for-tests.ts'
import { type Oddity, oddMonth } from './odd-months.ts'
import { oddProject } from './odd-project.ts'

const loop = loopForTests()
const project = oddProject()
const [JANUARY, FEBRUARY, MARCH] = [asOf('2024-01-31'), asOf('2024-02-29'), asOf('2024-03-31')]

const take = async (name: string, date: typeof JANUARY, odd: Oddity) =>
  ingest(loop.ports, project, { dir: await oddMonth(loop.folder, name, odd), asOf: date, correction: false })

/** A champion of January, and a version of February, when the outcome had come to depend on something else. */
beforeEach(async () => {
  await loop.run(project, await oddMonth(loop.folder, 'january'), JANUARY)
  await take('february', FEBRUARY, { seed: 2, law: 'y' })
  await train(loop.ports, project, { asOf: FEBRUARY })
})

const compare = (challenger: number, against: number | null, date = FEBRUARY) =>
  compareVersions(loop.ports, project, { asOf: date, challenger, against })

it('against the champion the decision is recorded, and page, JSON and decision say the same numbers', async () => {
  const { ports } = loop
  const { report, html, kept } = await compare(2, null)
  expect(report).toMatchObject({ againstChampion: true, outcome: 'promote', champion: { version: 1 } })
  const recorded = await ports.registry.decision(report.decision!)
  expect(recorded).toMatchObject({ outcome: 'promote', reasons: JSON.parse(JSON.stringify(report.reasons)) })
  // The gain of the page is the one that was decided on.
  const auc = report.details!.metrics.find(({ metric }) => metric === 'auc')!
  expect(auc.gain!.value).toBe(report.evidence.gain!.estimate)
  expect(auc.challenger!.value).toBeCloseTo(report.evidence.metrics!.challenger.auc!, 12)
  expect(html).toContain('Take version 2: it does better than version 1')

  const name = { kind: 'comparison', asOf: FEBRUARY, challenger: 2, champion: 1 } as const
  expect(await ports.reports.find(name)).toEqual(kept)
  expect(await ports.reports.read(name, 'html')).toBe(html)
  expect(JSON.parse((await ports.reports.read(name, 'json'))!)).toEqual(JSON.parse(JSON.stringify(report)))
})

it('naming the champion is the same as naming nobody', async () => {
  const unnamed = await compare(2, null)
  const named = await compare(2, 1)
  expect(named.report).toEqual(unnamed.report)
})

it('against any other version nothing is decided, and both are looked at', async () => {
  const { ports } = loop
  const { version } = await train(ports, oddProject({ features: ['plan.x', 'use.y'] }), { asOf: FEBRUARY })
  expect(version).toBe(3)
  const decisions = await ports.registry.decisions('odd_model')
  const { report } = await compare(version, 2)
  expect(report).toMatchObject({ againstChampion: false, decision: null, champion: { version: 2 } })
  expect(report.outcome).not.toBe('promote')
  expect(await ports.registry.decisions('odd_model')).toEqual(decisions)
  expect(await ports.registry.champion('odd_model')).toMatchObject({ version: 1 })
  // Version 2 first, then the one that is judged.
  expect(report.evidence.look).toBe(2)
  expect((await compare(2, null)).report.evidence.look).toBe(1)
  expect((await compare(version, null)).report.evidence.look).toBe(2)
})

it('a version against itself shows no difference, and one that is not there is named', async () => {
  const { report } = await compare(2, 2)
  expect(report.outcome).toBe('keep')
  expect(report.reasons).toContainEqual(expect.objectContaining({ code: 'no_difference' }))
  for (const { gain } of report.details!.metrics) expect(gain?.value ?? 0).toBe(0)
  await expect(compare(2, 7)).rejects.toMatchObject({ code: 'version_unknown', details: { value: '7' } })
  await expect(compare(7, null)).rejects.toMatchObject({ code: 'version_unknown' })
  await expect(compare(2, null, MARCH)).rejects.toMatchObject({ code: 'snapshot_missing' })
})

it('a version that reads what the definition no longer has is not compared, and says what', async () => {
  const without = oddProject({ use: null, features: ['plan.*'] })
  for (const [challenger, against] of [
    [2, null],
    [2, 2],
    [1, 2],
  ] as const) {
    const compared = compareVersions(loop.ports, without, { asOf: FEBRUARY, challenger, against })
    await expect(compared).rejects.toMatchObject({
      code: 'feature_spec_mismatch',
      message: expect.stringContaining('use.y'),
    })
  }
})
