import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startWorker, type Worker } from '../../src/adapters/dbos/worker.ts'
import { postgresForTests } from '../postgres.ts'
import { demoFlow, MOMENTS, makeDemoTables, STEPS, traces } from './demo-flow.ts'
import { workerInChild } from './flow-in-child.ts'

const postgres = postgresForTests()
beforeAll(() => makeDemoTables(postgres.database))

const version = '1'
/** Nothing in this file may have to wait for a lease to expire. */
const leaseMs = 3_600_000

async function nextWorker(): Promise<{ worker: Worker; demo: ReturnType<typeof demoFlow> }> {
  const demo = demoFlow(postgres.database, async () => undefined)
  const url = postgres.server.url('vigie')
  const worker = await startWorker({ url, embedded: true, flows: [demo], version, leaseMs })
  onTestFinished(() => worker.stop())
  return { worker, demo }
}

describe('a run whose process is killed', () => {
  it.each(MOMENTS)('at %s goes on at once in the next process, and each effect happens once', async (moment) => {
    const run = `killed at ${moment}`
    const url = postgres.server.url('vigie')
    const victim = workerInChild({ url, version, leaseMs, runs: [run], hold: moment })
    await victim.said(`${run} ${moment}`)
    await victim.kill()

    const { worker, demo } = await nextWorker()
    const again = await worker.start(demo, { run, n: 7 }, { id: run })
    expect(await again.result()).toEqual({ total: 21 })

    const [step, when] = moment.split(':')
    // A step that was cut off begins again; one whose result is recorded does not.
    const bodies = STEPS.map((name) => (name === step && when !== 'recorded' ? 2 : 1))
    expect(await traces(postgres.database, run)).toEqual({ bodies, effects: [1, 1, 1] })
  })

  it('goes on without being asked for', async () => {
    const run = 'left behind'
    const victim = workerInChild({
      url: postgres.server.url('vigie'),
      version,
      leaseMs,
      runs: [run],
      hold: 'store:begun',
    })
    await victim.said(`${run} store:begun`)
    await victim.kill()
    await nextWorker()
    await expect.poll(async () => (await traces(postgres.database, run)).effects).toEqual([1, 1, 1])
  })
})
