import { afterEach, expect, it } from 'vitest'
import { startPostgres } from '../../src/adapters/postgres/embedded/index.ts'
import { type Starter, startInChild } from './postgres-in-child.ts'
import { stateFolders } from './state-folders.ts'

const folder = stateFolders()
const starters: Starter[] = []
afterEach(async () => {
  for (const starter of starters.splice(0)) await starter.kill()
})

const startAtOnce = (count: number, root: string) => {
  const all = Array.from({ length: count }, () => startInChild({ root }))
  starters.push(...all)
  return Promise.all(all.map(({ got }) => got))
}

it('starts one server when several processes come to a fresh folder at once', async () => {
  const got = await startAtOnce(4, folder('fresh'))
  expect(new Set(got.map(({ pid }) => pid)).size).toBe(1)
  expect(got.filter(({ adopted }) => !adopted)).toHaveLength(1)
})

it('starts one server when several processes come after a kill -9', async () => {
  const server = await startPostgres({ root: folder('fresh') })
  process.kill(server.pid, 'SIGKILL')
  const got = await startAtOnce(4, folder('fresh'))
  server.release()
  expect(new Set(got.map(({ pid }) => pid)).size).toBe(1)
  expect(got.filter(({ adopted }) => !adopted)).toHaveLength(1)
})

it('recovers from a starter that is killed while it makes the data folder', async () => {
  const root = folder('cut off')
  for (const afterMs of [150, 300, 450]) {
    const starter = startInChild({ root })
    starter.got.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    await starter.kill()
  }
  const server = await startPostgres({ root })
  expect(server.pid).toBeGreaterThan(0)
  server.release()
})
