import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { listRuns } from '../../src/adapters/dbos/runs.ts'
import { startPostgres } from '../../src/adapters/postgres/embedded/index.ts'
import { readPidFile } from '../../src/adapters/postgres/embedded/postmaster.ts'
import { postgresForTests } from '../postgres.ts'
import { makeDemoTables, traces } from './demo-flow.ts'
import { type WorkerInChild, workerInChild } from './flow-in-child.ts'

const postgres = postgresForTests()
beforeAll(() => makeDemoTables(postgres.database))

const RUNS = 8
const leaseMs = 1_500
const numbered = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

const program = (runs: readonly string[]): WorkerInChild =>
  workerInChild({ url: postgres.server.url('vigie'), version: '1', leaseMs, pace: 60, runs })

/** Two workers, of which the one that begins the runs meets with something. Every run ends, every effect is there once. */
async function trial(name: string, meets: (victim: WorkerInChild) => Promise<void>): Promise<{ again: number }> {
  const ids = Array.from({ length: RUNS }, (_, i) => `${name} ${i}`)
  const survivor = program([])
  await survivor.said('ready')
  const victim = program(ids)
  await victim.said(`${ids.at(-1)} fetch:begun`)
  await sleep(Math.random() * 250)
  await meets(victim)
  await expect.poll(() => finished(ids), { timeout: 60_000, interval: 50 }).toBe(RUNS)
  await Promise.all([victim.kill(), survivor.kill()])
  const all = await Promise.all(ids.map((id) => traces(postgres.database, id)))
  for (const { effects } of all) expect(effects).toEqual([1, 1, 1])
  return { again: all.flatMap(({ bodies }) => bodies).reduce((sum, n) => sum + n - 1, 0) }
}

async function finished(ids: readonly string[]): Promise<number> {
  const runs = await listRuns(postgres.database, { limit: RUNS })
  return runs.filter(({ id, status }) => status === 'done' && ids.includes(id)).length
}

describe('with two workers and eight runs', () => {
  it.each(numbered(50))('kill %i of one worker loses no run and doubles none', async (i) => {
    const { again } = await trial(`kill ${i}`, (victim) => victim.kill())
    // Only what was cut off begins again: at most one step of each run.
    expect(again).toBeLessThanOrEqual(RUNS)
  })

  it.each(numbered(20))('pause %i of one worker loses no run and doubles none', async (i) => {
    await trial(`pause ${i}`, async ({ child }) => {
      child.kill('SIGSTOP')
      await sleep(leaseMs * (1 + 2 * Math.random()))
      child.kill('SIGCONT')
    })
  })

  it.each(numbered(20))('stop %i of the database loses no run and doubles none', async (i) => {
    await trial(`stop ${i}`, async () => {
      process.kill(readPidFile(postgres.server.dataDir)!.pid, 'SIGQUIT')
      await sleep(Math.random() * 1_500)
      const again = await startPostgres({ root: postgres.server.root })
      onTestFinished(() => again.release())
    })
  })
})
