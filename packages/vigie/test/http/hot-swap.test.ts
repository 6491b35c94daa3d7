import { rmSync } from 'node:fs'
import path from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { startServer } from '../../src/http/server.ts'
import { request } from './requests.ts'
import { constantModel, KNOWN, silent, storesForTests } from './serving.ts'

const stores = storesForTests(project)

async function start() {
  const server = await startServer({ ports: stores.ports, project, host: '127.0.0.1', port: 0, logger: silent })
  onTestFinished(() => server.close())
  return server
}

it('swaps under load: seen within a second, no request fails, no answer mixes two models', async () => {
  await stores.know({ known: KNOWN })
  /** The probability that each version answers. */
  const answers = new Map<number, number>()
  const promote = async (probability: number) => {
    const { version } = await stores.enthrone(constantModel(project, probability))
    answers.set(version, probability)
    return version
  }
  await promote(0.1)
  const server = await start()

  let stop = false
  const seen = new Set<number>()
  const wrong: unknown[] = []
  const caller = async () => {
    while (!stop) {
      const { status, json } = await request(server.url, 'POST', '/predict', '{"user_id":"known"}')
      if (status === 200) seen.add(json.version)
      // The answer can come before `promote` has told this test which version it made.
      await vi.waitFor(() => answers.get(json.version) ?? Promise.reject(new Error('not yet')))
      const probability = answers.get(json.version)
      if (status !== 200 || json.probability !== probability || json.prediction !== Number(probability! > 0.5)) {
        wrong.push({ status, json })
      }
    }
  }
  const load = Promise.all(Array.from({ length: 8 }, caller))
  for (let i = 0; i < 20; i++) {
    const version = await promote(i % 2 === 0 ? 0.9 - i / 100 : 0.1 + i / 100)
    await vi.waitFor(() => expect(seen).toContain(version), { timeout: 1000, interval: 5 })
  }
  await stores.ports.registry.rollback(project.model.name, 'test', 'trying the way back')
  await vi.waitFor(async () => expect((await request(server.url, 'GET', '/health')).json.champion.version).toBe(20), {
    timeout: 1000,
    interval: 5,
  })
  stop = true
  await load
  expect(wrong).toEqual([])
})

it('keeps the model that it has when the next one cannot be loaded, and says so until it can', async () => {
  await stores.know({ known: KNOWN })
  const good = await stores.enthrone(constantModel(project, 0.25))
  const server = await start()
  const health = async () => (await request(server.url, 'GET', '/health')).json
  const served = async () => (await request(server.url, 'POST', '/predict', '{"user_id":"known"}')).json.version

  const [first, ...others] = project.model.features
  const removed = [{ ...first!, name: 'usage.removed', feature: 'removed' }, ...others]
  await stores.enthrone(constantModel(project, 0.75, removed))
  await vi.waitFor(async () => expect((await health()).degraded).toMatchObject([{ code: 'feature_spec_mismatch' }]))
  expect((await health()).champion.version).toBe(good.version)
  expect(await served()).toBe(good.version)
  expect((await request(server.url, 'GET', '/metrics')).text).toMatch(/^vigie_champion_load_failing\{.*\} 1$/m)

  await stores.enthrone(Buffer.from('VGML, but no model'))
  await vi.waitFor(async () => expect((await health()).degraded).toMatchObject([{ code: 'artefact_invalid' }]))
  expect(await served()).toBe(good.version)

  const { version } = await stores.enthrone(constantModel(project, 0.5))
  await vi.waitFor(async () => expect(await health()).toMatchObject({ champion: { version }, degraded: [] }))
  expect(await served()).toBe(version)
})

it('starts without a model when the artefact is gone, and says which one it misses', async () => {
  await stores.enthrone(constantModel(project, 0.375))
  rmSync(path.join(stores.folder, 'models'), { recursive: true })
  const server = await start()
  expect((await request(server.url, 'GET', '/health')).json).toMatchObject({
    champion: null,
    degraded: [{ code: 'artefact_missing' }],
  })
  const answer = await request(server.url, 'POST', '/predict', '{"user_id":"known"}')
  expect({ status: answer.status, code: answer.json.code }).toEqual({ status: 503, code: 'champion_not_loaded' })
})
