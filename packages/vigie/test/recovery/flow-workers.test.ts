import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startWorker, type Worker } from '../../src/adapters/dbos/worker.ts'
import { startPostgres } from '../../src/adapters/postgres/embedded/index.ts'
import { postgresForTests } from '../postgres.ts'
import { demoFlow, makeDemoTables, traces } from './demo-flow.ts'
import { workerInChild } from './flow-in-child.ts'

const postgres = postgresForTests()
beforeAll(() => makeDemoTables(postgres.database))

const version = '1'
const leaseMs = 1_000

async function secondWorker(pace = 0): Promise<{ worker: Worker; demo: ReturnType<typeof demoFlow> }> {
  const demo = demoFlow(postgres.database, async (moment) => {
    if (moment.endsWith(':begun')) await new Promise((resolve) => setTimeout(resolve, pace))
  })
  const url = postgres.server.url('vigie')
  const worker = await startWorker({ url, embedded: true, flows: [demo], version, leaseMs })
  onTestFinished(() => worker.stop())
  return { worker, demo }
}

describe('two workers', () => {
  it('the second takes over when the first is killed', async () => {
    const run = 'of a killed worker'
    const first = workerInChild({
      url: postgres.server.url('vigie'),
      version,
      leaseMs,
      runs: [run],
      hold: 'store:effect',
    })
    await first.said(`${run} store:effect`)
    const { worker, demo } = await secondWorker()
    const followed = await worker.start(demo, { run, n: 7 }, { id: run })
    expect(await followed.status()).toBe('running')
    await first.kill()
    expect(await followed.result()).toEqual({ total: 21 })
    expect(await traces(postgres.database, run)).toEqual({ bodies: [1, 2, 1], effects: [1, 1, 1] })
  })

  it('the second follows a run that the first has, and does not begin it', async () => {
    const run = 'followed'
    const folder = mkdtempSync(path.join(tmpdir(), 'vigie-test-release-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const release = path.join(folder, 'go')
    const url = postgres.server.url('vigie')
    const first = workerInChild({ url, version, leaseMs, runs: [run], hold: 'store:begun', release })
    await first.said(`${run} store:begun`)
    const { worker, demo } = await secondWorker()
    const followed = await worker.start(demo, { run, n: 7 }, { id: run })
    writeFileSync(release, '')
    expect(await followed.result()).toEqual({ total: 21 })
    expect(await traces(postgres.database, run)).toEqual({ bodies: [1, 1, 1], effects: [1, 1, 1] })
  })

  it('a paused worker loses its runs, does no harm when it wakes up, and ends', async () => {
    const run = 'of a paused worker'
    const folder = mkdtempSync(path.join(tmpdir(), 'vigie-test-release-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const release = path.join(folder, 'go')
    const url = postgres.server.url('vigie')
    const first = workerInChild({ url, version, leaseMs, runs: [run], hold: 'store:begun', release })
    await first.said(`${run} store:begun`)
    first.child.kill('SIGSTOP')
    const { worker, demo } = await secondWorker()
    const followed = await worker.start(demo, { run, n: 7 }, { id: run })
    expect(await followed.result()).toEqual({ total: 21 })
    const before = await recordedSteps(run)
    writeFileSync(release, '')
    first.child.kill('SIGCONT')
    expect(await first.ended()).toBe(1)
    expect(await recordedSteps(run)).toEqual(before)
    expect((await traces(postgres.database, run)).effects).toEqual([1, 1, 1])
  })
})

describe('several workers', () => {
  it('can be the first at once', async () => {
    const url = postgres.otherUrl()
    const workers = [1, 2, 3].map(() => workerInChild({ url, version, leaseMs, runs: [] }))
    for (const worker of workers) await worker.said('ready')
  })
})

describe('a restart of the database', () => {
  it('strands no run', async () => {
    const { worker, demo } = await secondWorker(60)
    const ids = ['a', 'b', 'c', 'd'].map((name) => `through a restart ${name}`)
    const runs = await Promise.all(ids.map((run) => worker.start(demo, { run, n: 7 }, { id: run })))
    const results = Promise.all(runs.map((run) => run.result()))
    await expect.poll(async () => (await traces(postgres.database, ids[0]!)).effects[0]).toBe(1)
    process.kill(postgres.server.pid, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 300))
    const again = await startPostgres({ root: postgres.server.root })
    onTestFinished(() => again.release())
    expect(await results).toEqual(ids.map(() => ({ total: 21 })))
    for (const id of ids) expect((await traces(postgres.database, id)).effects).toEqual([1, 1, 1])
  })
})

const recordedSteps = (run: string) =>
  postgres.database.rows(
    'select function_id, output, completed_at_epoch_ms from dbos.operation_outputs where workflow_uuid = $1 order by 1',
    [run],
  )
