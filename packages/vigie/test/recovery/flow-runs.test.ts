import { describe, expect, it, onTestFinished } from 'vitest'
import { cancelRun, listRuns } from '../../src/adapters/dbos/runs.ts'
import { startWorker, type Worker } from '../../src/adapters/dbos/worker.ts'
import { VigieError } from '../../src/errors.ts'
import { type AnyFlow, flow } from '../../src/flows/flow.ts'
import { postgresForTests } from '../postgres.ts'

const postgres = postgresForTests()

async function worker(flows: readonly AnyFlow[], { version = '1' } = {}): Promise<Worker> {
  const started = await startWorker({ url: postgres.server.url('vigie'), embedded: true, flows, version })
  onTestFinished(() => started.stop())
  return started
}

/** A promise that is resolved from outside. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}

describe('before the first worker', () => {
  it('there are no runs', async () => {
    expect(await listRuns(postgres.database)).toEqual([])
    await expect(cancelRun(postgres.database, 'none')).rejects.toMatchObject({ code: 'run_unknown' })
  })
})

describe('a finished run', () => {
  it('gives its recorded result when it is started again, also with other input', async () => {
    let bodies = 0
    const double = flow('double', (step, input: { readonly n: number }) =>
      step('double', async () => {
        bodies++
        return 2 * input.n
      }),
    )
    const { start } = await worker([double])
    const first = await start(double, { n: 4 }, { id: 'double' })
    expect(await first.result()).toBe(8)
    const again = await start(double, { n: 5 }, { id: 'double' })
    expect(await again.result()).toBe(8)
    expect(await again.status()).toBe('done')
    expect(bodies).toBe(1)
  })

  it('is refused to another flow', async () => {
    const one = flow('one', async () => 1)
    const two = flow('two', async () => 2)
    const { start } = await worker([one, two])
    await (await start(one, null, { id: 'taken' })).result()
    await expect(start(two, null, { id: 'taken' })).rejects.toThrow('run taken is one of flow "one", not of "two"')
  })
})

describe('a run that fails', () => {
  it('keeps the code, the hint and the details of its error, here and for whoever follows it', async () => {
    const { opened, open } = gate()
    const refusing = flow('refusing', (step) =>
      step('read', async () => {
        await opened
        throw new VigieError('ragged_row', 'users.csv has 3 fields in line 7, not 4', { file: 'users.csv', line: 7 })
      }),
    )
    const { start } = await worker([refusing])
    const begun = await start(refusing, null, { id: 'refused' })
    const followed = await start(refusing, null, { id: 'refused' })
    const errors = Promise.all([begun, followed].map((run) => run.result().catch((error: unknown) => error)))
    open()
    for (const error of await errors) {
      expect(error).toBeInstanceOf(VigieError)
      expect(error).toMatchObject({
        code: 'ragged_row',
        kind: 'rejected',
        message: 'users.csv has 3 fields in line 7, not 4',
        hint: 'Each row needs as many fields as the header. Send the file again complete.',
        details: { file: 'users.csv', line: 7 },
      })
    }
  })

  it('goes on at the step that failed when it is started again', async () => {
    const ran: string[] = []
    let diskIsFull = true
    const writing = flow('writing', async (step) => {
      const a = await step('compute', async () => ran.push('compute'))
      const b = await step('write', async () => {
        if (diskIsFull) throw new VigieError('disk_full', 'the disk is full')
        return ran.push('write')
      })
      return [a, b]
    })
    const { start } = await worker([writing])
    await expect((await start(writing, null, { id: 'w' })).result()).rejects.toMatchObject({ code: 'disk_full' })
    diskIsFull = false
    expect(await (await start(writing, null, { id: 'w' })).result()).toEqual([1, 2])
    expect(ran).toEqual(['compute', 'write'])
  })

  it('goes on after the last step when the flow itself failed between two', async () => {
    const ran: string[] = []
    let broken = true
    const deciding = flow('deciding', async (step) => {
      await step('look', async () => ran.push('look'))
      if (broken) throw new TypeError('a mistake of ours')
      return step('act', async () => ran.push('act'))
    })
    const { start } = await worker([deciding])
    await expect((await start(deciding, null, { id: 'd' })).result()).rejects.toThrow('a mistake of ours')
    broken = false
    expect(await (await start(deciding, null, { id: 'd' })).result()).toBe(2)
    expect(ran).toEqual(['look', 'act'])
  })

  it('may have caught the error of a step, which is then the same when it goes on', async () => {
    let broken = true
    const careful = flow('careful', async (step) => {
      const code = await step('risky', async () => {
        throw new VigieError('too_few_rows', 'only 3 rows')
      }).catch((error: { code: string }) => error.code)
      return step('report', async () => {
        if (broken) throw new Error('no paper')
        return code
      })
    })
    const { start } = await worker([careful])
    await expect((await start(careful, null, { id: 'c' })).result()).rejects.toThrow('no paper')
    broken = false
    expect(await (await start(careful, null, { id: 'c' })).result()).toBe('too_few_rows')
  })
})

describe('a run of another version', () => {
  it('begins again when its worker is gone', async () => {
    const { opened, open } = gate()
    const old = flow('evolving', async (step) => {
      await step('first', async () => 1)
      await step('second', () => opened)
    })
    const before = await startWorker({ url: postgres.server.url('vigie'), embedded: true, flows: [old], version: '1' })
    await before.start(old, null, { id: 'e' })
    await before.stop()
    open()
    const renewed = flow('evolving', (step) => step('other', async () => 'new'))
    const { start } = await worker([renewed], { version: '2' })
    expect(await (await start(renewed, null, { id: 'e' })).result()).toBe('new')
  })

  it('begins again when the steps changed under one version and no longer match', async () => {
    let broken = true
    const old = flow('changed', async (step) => {
      await step('first', async () => 1)
      await step('second', async () => {
        if (broken) throw new Error('stop here')
      })
    })
    const before = await startWorker({ url: postgres.server.url('vigie'), embedded: true, flows: [old], version: '1' })
    await expect((await before.start(old, null, { id: 'x' })).result()).rejects.toThrow('stop here')
    await before.stop()
    broken = false
    const changed = flow('changed', (step) => step('other', async () => 'new'))
    const { start } = await worker([changed])
    const mismatch = await start(changed, null, { id: 'x' })
    await expect(mismatch.result()).rejects.toMatchObject({ code: 'run_failed' })
    expect(await (await start(changed, null, { id: 'x' })).result()).toBe('new')
  })
})

describe('a run that is cancelled', () => {
  it('stops before its next step, and goes on there when it is started again', async () => {
    const ran: string[] = []
    const { opened, open } = gate()
    const begun = gate()
    const long = flow('long', async (step) => {
      await step('first', async () => {
        ran.push('first')
        begun.open()
        await opened
      })
      await step('second', async () => ran.push('second'))
    })
    const { start } = await worker([long])
    const run = await start(long, null, { id: 'l' })
    const result = run.result().catch((error: unknown) => error)
    await begun.opened
    expect(await cancelRun(postgres.database, 'l')).toBe(true)
    open()
    expect(await result).toMatchObject({ code: 'run_cancelled' })
    expect(await run.status()).toBe('cancelled')
    expect(ran).toEqual(['first'])
    await (await start(long, null, { id: 'l' })).result()
    expect(ran.at(-1)).toBe('second')
    expect(await cancelRun(postgres.database, 'l')).toBe(false)
  })
})

describe('the list of runs', () => {
  it('says of each what it is, how far it came, and whether somebody has it', async () => {
    const { opened, open } = gate()
    const waiting = flow('waiting', async (step) => {
      await step('first', async () => 1)
      await step('second', () => opened)
    })
    const before = await startWorker({
      url: postgres.server.url('vigie'),
      embedded: true,
      flows: [waiting],
      version: '9',
    })
    await before.start(waiting, null, { id: 'listed' })
    await expect.poll(async () => (await listRuns(postgres.database, { limit: 1 }))[0]?.steps).toBe(1)
    const [live] = await listRuns(postgres.database, { limit: 1 })
    expect(live).toMatchObject({ id: 'listed', flow: 'waiting', status: 'running', interrupted: false, version: '9' })
    expect(live?.startedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
    await before.stop()
    open()
    expect((await listRuns(postgres.database, { limit: 1 }))[0]).toMatchObject({ id: 'listed', interrupted: true })
  })
})

describe('a worker', () => {
  it('refuses a second one in its process', async () => {
    const none = flow('none', async () => null)
    await worker([none])
    await expect(worker([none])).rejects.toThrow('this process runs a worker already')
  })

  it('refuses two flows of one name, and a flow that it was not given', async () => {
    const none = flow('none', async () => null)
    await expect(worker([none, none])).rejects.toThrow('two flows have the name "none"')
    const { start } = await worker([none])
    await expect(
      start(
        flow('stranger', async () => null),
        null,
        { id: 's' },
      ),
    ).rejects.toThrow('the worker was not given flow "stranger"')
  })

  it('names the database that cannot be reached', async () => {
    const url = postgres.server.url('vigie').replace(/host=.*/, 'host=%2Fnowhere')
    await expect(startWorker({ url, embedded: true, flows: [], version: '1' })).rejects.toMatchObject({
      code: 'database_unreachable',
    })
  })
})
