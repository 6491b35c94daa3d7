import { expect, it } from 'vitest'
import { oneAtATime } from './one-at-a-time.ts'

it('shares what waits, repeats what is under way, and goes on after a failure', async () => {
  const run = oneAtATime<number>()
  let begun = 0
  let together = 0
  const gate = Promise.withResolvers<void>()
  const work = async () => {
    const nth = ++begun
    expect(++together).toBe(1)
    if (nth === 1) await gate.promise
    together--
    if (nth === 2) throw new Error('second')
    return nth
  }
  const first = run('a', work)
  await Promise.resolve()
  const second = run('a', work)
  expect(run('a', work)).toBe(second)
  const third = run('b', work)
  gate.resolve()
  expect(await first).toBe(1)
  await expect(second).rejects.toThrow('second')
  expect(await third).toBe(3)
})
