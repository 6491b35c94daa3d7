import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { postgresForTests } from '../postgres.ts'
import { start } from '../program.ts'
import { sharedPath } from '../shared.ts'
import { outcomeSchema } from './outcome-schema.ts'

const postgres = postgresForTests()
const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-outcome-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The document of a first start, which is held against the schema. */
async function outcomeOf(...args: readonly string[]) {
  const database = await postgres.emptied()
  await database.run('drop schema if exists dbos cascade')
  const home = mkdtempSync(path.join(folder, 'home-'))
  const env = { DATABASE_URL: postgres.server.url('vigie') }
  const { status, stdout, stderr } = await start(['--once', '--json', '--home', home, ...args], { env }).ended
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
  return outcomeSchema.parse(JSON.parse(stdout))
}

it('of simulated months has the shape that other programs rely on', async () => {
  const outcome = await outcomeOf('--users', '400')
  expect(outcome.months.map(({ asOf, ingest }) => [asOf, 'rejected' in ingest])).toEqual([
    ['2024-01-31', false],
    ['2024-02-29', false],
    ['2024-03-31', false],
    ['2024-04-30', true],
    ['2024-04-30', false],
    ['2024-05-31', false],
  ])
  // so few rows are held out that nothing can be proven, and the gate says so
  expect(outcome).toMatchObject({ champion: null, serving: null })
  expect(outcome.months[0]?.decision).toMatchObject({
    outcome: 'hold',
    reasons: expect.arrayContaining([expect.objectContaining({ kind: 'hold', code: 'too_few_positives', bound: 30 })]),
  })
})

const months = sharedPath('data', 'streamflow')
describe.skipIf(months === null)('of the real months', () => {
  it('promotes the model of the second month, and says why with the numbers', async () => {
    const outcome = await outcomeOf('--data', months!)
    expect(outcome).toMatchObject({ champion: { version: 2, trainedAsOf: '2024-02-29' }, serving: { version: 2 } })
    const [first, second] = outcome.months

    expect(first).toMatchObject({
      asOf: '2024-01-31',
      ingest: { rows: 7043 },
      drift: null,
      targetDrift: null,
      retrain: { triggered: true, reason: 'first_model' },
      comparison: { candidate: { version: 1 }, champion: null, gain: null, rows: 1782 },
      decision: { outcome: 'promote' },
    })
    expect(first?.comparison?.candidate.value).toBeCloseTo(0.81, 1.7)

    expect(second).toMatchObject({
      asOf: '2024-02-29',
      retrain: { triggered: true, reason: 'drift_share' },
      comparison: { candidate: { version: 2 }, champion: { version: 1 }, rows: 1782 },
      decision: { outcome: 'promote' },
    })
    const scores = new Map(second?.drift?.features.map((feature) => [feature.name, feature]))
    expect(scores.get('usage.rebuffer_events_7d')).toMatchObject({ test: 'wasserstein', drifted: true, threshold: 0.1 })
    expect(scores.get('usage.rebuffer_events_7d')?.score).toBeCloseTo(0.20499, 5)
    expect(scores.get('usage.watch_hours_30d')?.score).toBeCloseTo(0.08874, 5)
    expect([...scores.values()].filter(({ drifted }) => drifted)).toHaveLength(1)
    expect(second?.drift?.share).toBeCloseTo(1 / 14, 12)
    expect(second?.drift?.referenceShare).toBe(1 / 16)
    expect(second?.targetDrift).toBeCloseTo(0.0239, 4)

    const { candidate, champion, gain } = second!.comparison!
    expect(Math.abs(candidate.value - 0.65)).toBeLessThan(0.02)
    expect(Math.abs(champion!.value - 0.49)).toBeLessThan(0.02)
    expect(gain!.estimate).toBeCloseTo(candidate.value - champion!.value, 12)
    expect(gain!.estimate).toBeGreaterThan(0.15)
    expect(gain!.estimate).toBeLessThan(0.18)
    expect(gain!.low).toBeGreaterThan(0.11)
    expect(gain!.high).toBeLessThan(0.23)
    expect(second!.decision!.reasons).toContainEqual(expect.objectContaining({ kind: 'promote', code: 'gain_proven' }))
  })
})
