import { afterAll, expect, test } from 'vitest'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import { gradientBoosting, randomForest } from '../../src/domain/trainer.ts'
import { fitInput, syntheticRows } from './synthetic-rows.ts'

const compute = workerThreads({ threads: 2 })
afterAll(() => compute.close())

const rows = syntheticRows(200_000, 5)

test.each([
  ['a forest', randomForest({ trees: 2000 })],
  ['boosting', gradientBoosting({ rounds: 5000, leaves: 31 })],
])(
  'a fit of %s that is cancelled ends within a second or so, and the next fit is as if it had not been',
  { timeout: 60_000 },
  async (_, trainer) => {
    const expected = await compute.run('fit', fitInput())
    const controller = new AbortController()
    let cancelledAt = Number.POSITIVE_INFINITY
    const onProgress = (): void => {
      cancelledAt = Math.min(cancelledAt, performance.now())
      controller.abort()
    }
    const fit = compute.run('fit', { ...fitInput(), trainer, rows }, onProgress, controller.signal)
    await expect(fit).rejects.toMatchObject({ code: 'run_cancelled' })
    // A busy machine may take longer than the second that it is meant to be.
    expect(performance.now() - cancelledAt).toBeLessThan(3000)
    expect((await compute.run('fit', fitInput())).sha256).toBe(expected.sha256)
  },
)

test('a fit that was cancelled before it began does nothing', async () => {
  const fit = compute.run('fit', fitInput(), undefined, AbortSignal.abort())
  await expect(fit).rejects.toMatchObject({ code: 'run_cancelled' })
})
