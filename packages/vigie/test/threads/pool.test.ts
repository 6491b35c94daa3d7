import { afterEach, expect, test } from 'vitest'
import { createPool, type Pool } from '../../src/adapters/threads/pool.ts'
import type { oddTasks } from './odd-tasks.ts'

const entry = new URL('./odd-worker.ts', import.meta.url)
const pools: Pool<typeof oddTasks>[] = []

function pool(size = 1, idleMs = 10_000) {
  const made = createPool<typeof oddTasks>({ entry, size, idleMs, heapMb: 64 })
  pools.push(made)
  return made
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((made) => made.close()))
})

test('a thread is kept for the next task', async () => {
  const threads = pool()
  const first = await threads.run('whoami', undefined)
  expect(await threads.run('whoami', undefined)).toBe(first)
})

test('tasks beyond the size wait their turn, in order', async () => {
  const threads = pool(2)
  const order: number[] = []
  const wait = async (ms: number, i: number) => {
    const thread = await threads.run('wait', ms)
    order.push(i)
    return thread
  }
  const ids = await Promise.all([60, 60, 1, 1].map(wait))
  expect(new Set(ids).size).toBe(2)
  expect([0, 1]).toContain(order[0])
  expect(order.indexOf(2)).toBeLessThan(order.indexOf(3))
})

test('an idle thread ends, and the next task starts another', async () => {
  const threads = pool(1, 1)
  const first = await threads.run('whoami', undefined)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await threads.run('whoami', undefined)).not.toBe(first)
})

test('progress arrives in order, before the result', async () => {
  const seen: number[] = []
  await pool().run('steps', 4, { onProgress: (share) => seen.push(share) })
  expect(seen).toEqual([0.25, 0.5, 0.75, 1])
})

test('results are handed over whole', async () => {
  expect(await pool().run('bytes', 1000)).toEqual(new Uint8Array(1000).fill(7))
})

test('a VigieError arrives with code, details and hint, and the thread lives on', async () => {
  const threads = pool()
  const id = await threads.run('whoami', undefined)
  await expect(threads.run('refuse', undefined)).rejects.toMatchObject({
    code: 'ragged_row',
    kind: 'rejected',
    message: 'line 7 has 3 fields',
    hint: 'Resend.',
    details: { line: 7, rule: 'as many as the header' },
    stack: expect.stringContaining('odd-tasks.ts'),
  })
  expect(await threads.run('whoami', undefined)).toBe(id)
})

test('any other error is internal, and says in which task and where', async () => {
  await expect(pool().run('stumble', undefined)).rejects.toMatchObject({
    code: 'internal',
    message: 'the task stumble failed: TypeError: x is not a function',
    details: { task: 'stumble' },
    stack: expect.stringContaining('odd-tasks.ts'),
  })
})

test('a result that cannot be sent, and an input that cannot, fail their task alone', async () => {
  const threads = pool()
  await expect(threads.run('unsendable', undefined)).rejects.toMatchObject({ code: 'internal' })
  await expect(threads.run('echo', () => 1)).rejects.toThrow(/could not be cloned/)
  expect(await threads.run('echo', 'well')).toBe('well')
})

test('a buffer that is too large for the machine is out_of_memory', async () => {
  await expect(pool().run('allocate', undefined)).rejects.toMatchObject({ code: 'out_of_memory' })
})

test.each([
  ['runs out of memory', 'devour', { code: 'out_of_memory', details: { task: 'devour' } }],
  ['exits', 'vanish', { code: 'internal', message: 'the thread of the task vanish ended: status 5' }],
  ['crashes', 'crash', { code: 'internal', message: expect.stringContaining('thrown by a timer') }],
] as const)('a thread that %s fails its task and is replaced; what waited is done', async (_, task, expected) => {
  const threads = pool()
  const dying = threads.run(task, undefined)
  const waiting = threads.run('echo', 'next')
  await expect(dying).rejects.toMatchObject(expected)
  expect(await waiting).toBe('next')
})

test('closing rejects what runs and what waits, and what comes later', async () => {
  const threads = pool()
  const running = threads.run('wait', 60_000)
  const waiting = threads.run('echo', 1)
  const outcomes = Promise.allSettled([running, waiting])
  await threads.close()
  for (const outcome of [...(await outcomes), ...(await Promise.allSettled([threads.run('echo', 1)]))]) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'run_failed' } })
  }
})

test('a cancelled task ends whatever it does, and another thread takes the next', async () => {
  const threads = pool()
  const first = await threads.run('whoami', undefined)
  const controller = new AbortController()
  const endless = threads.run('forever', undefined, { signal: controller.signal, onProgress: () => controller.abort() })
  const next = threads.run('whoami', undefined)
  await expect(endless).rejects.toMatchObject({ code: 'run_cancelled', details: { task: 'forever' } })
  expect(await next).not.toBe(first)
})

test('a task that is cancelled while it waits never begins, and the one before it goes on', async () => {
  const threads = pool()
  const controller = new AbortController()
  const { signal } = controller
  const running = threads.run('wait', 50)
  const waiting = threads.run('vanish', undefined, { signal })
  controller.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'run_cancelled' })
  await expect(threads.run('vanish', undefined, { signal })).rejects.toMatchObject({ code: 'run_cancelled' })
  expect(await threads.run('whoami', undefined)).toBe(await running)
})

test('a signal that is aborted after a task is done ends no thread', async () => {
  const threads = pool()
  const controller = new AbortController()
  const first = await threads.run('whoami', undefined, { signal: controller.signal })
  controller.abort()
  expect(await threads.run('whoami', undefined)).toBe(first)
})
