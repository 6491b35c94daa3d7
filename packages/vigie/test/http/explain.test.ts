import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { TRUE_OR_FALSE } from '../../src/domain/model/target.ts'
import { seededRandom } from '../../src/domain/random.ts'
import { gradientBoosting, randomForest, type Trainer } from '../../src/domain/trainer.ts'
import { createClient } from '../../src/http/client.ts'
import { type RunningServer, startServer } from '../../src/http/server.ts'
import { request } from './requests.ts'
import { constantModel, KNOWN, silent, storesForTests } from './serving.ts'

const stores = storesForTests(project)
let server: RunningServer
const { features } = project.model
const explain = async () =>
  (await request(server.url, 'POST', '/predict?explain=true', '{"user_id":"known"}')).json.explanation

beforeAll(async () => {
  await stores.know({ known: KNOWN })
  server = await startServer({ ports: stores.ports, project, host: '127.0.0.1', port: 0, logger: silent })
})
afterAll(() => server.close())

/** Makes a champion of a model that was fitted on rows in which monthly_fee and net_service matter. */
async function trained(trainer: Trainer): Promise<void> {
  const random = seededRandom(5)
  const rows = 600
  const columns = features.map(({ type, categories }) =>
    Float64Array.from({ length: rows }, () => {
      if (type === 'category') return random.below(categories!.length)
      return type === 'boolean' ? random.below(2) : random.below(60)
    }),
  )
  const at = (name: string) => columns[features.findIndex(({ feature }) => feature === name)]!
  const label = Float64Array.from({ length: rows }, (_, i) =>
    at('monthly_fee')[i]! + (at('net_service')[i] === 0 ? 25 : 0) + random.below(20) > 50 ? 1 : 0,
  )
  const keys = Array.from({ length: rows }, (_, i) => `user-${i}`)
  const { bytes } = await stores.ports.compute.run('fit', {
    trainer,
    rows: { spec: features, keys, columns, label },
    target: TRUE_OR_FALSE,
    threshold: 0.5,
    trainingRowsHash: project.hash,
    definitionHash: project.hash,
  })
  await stores.enthrone(bytes)
  const champion = await stores.ports.registry.champion(project.model.name)
  // Also until the server has caught up with the fit that ran beside it.
  const answered = async () => (await request(server.url, 'POST', '/predict', '{"user_id":"known"}')).json.version
  await expect.poll(answered, { timeout: 20_000 }).toBe(champion!.version)
}

it('says that a model without row counts cannot be explained, and answers all the same when not asked', async () => {
  await stores.enthrone(constantModel(project, 0.625))
  await expect.poll(async () => (await request(server.url, 'GET', '/readyz')).status, { timeout: 5000 }).toBe(200)
  const asked = await request(server.url, 'POST', '/predict?explain=true', '{"user_id":"known"}')
  expect({ status: asked.status, code: asked.json.code }).toEqual({ status: 422, code: 'explanation_unavailable' })
  expect((await request(server.url, 'POST', '/predict', '{"user_id":"known"}')).json.probability).toBe(0.625)
})

it('tells the log-odds of boosted trees by feature, largest first, as the API describes', async () => {
  await trained(gradientBoosting({ rounds: 40 }))
  const plain = await request(server.url, 'POST', '/predict?explain=false', '{"user_id":"known"}')
  expect(plain.json).not.toHaveProperty('explanation')
  const { json } = await request(server.url, 'POST', '/predict?explain=true', '{"user_id":"known"}')
  const { explanation, probability, features_used } = json
  expect(probability).toBe(plain.json.probability)
  expect(explanation).toMatchObject({ space: 'log_odds', class: 'true', before_calibration: false })
  const { contributions, base, score } = explanation
  const total = contributions.reduce((sum: number, one: { contribution: number }) => sum + one.contribution, base)
  expect(total).toBeCloseTo(Math.log(probability / (1 - probability)), 9)
  expect(score).toBeCloseTo(total, 12)
  expect(contributions).toHaveLength(features.length)
  const sizes = contributions.map((one: { contribution: number }) => Math.abs(one.contribution))
  expect(sizes).toEqual(sizes.toSorted((a: number, b: number) => b - a))
  expect(new Set(contributions.slice(0, 2).map((one: { feature: string }) => one.feature))).toEqual(
    new Set(['monthly_fee', 'net_service']),
  )
  for (const { feature, value } of contributions) expect(value).toBe(features_used[feature])

  const { paths } = (await request(server.url, 'GET', '/openapi.json')).json
  const { schema } = paths['/predict'].post.responses['200'].content['application/json']
  expect(z.fromJSONSchema(schema).safeParse(json).error?.issues).toBeUndefined()
})

it('tells the probability of a random forest, to clients with the types of the definition', async () => {
  await trained(randomForest({ trees: 30 }))
  const { explanation, probability } = await createClient<typeof project>(server.url).explain({ user_id: 'known' })
  expect(explanation.space).toBe('probability')
  expect(explanation.score).toBeCloseTo(probability, 9)
  const [first] = explanation.contributions
  const name: keyof typeof KNOWN = first!.feature
  expect(first!.value).toBe(KNOWN[name])
})

it('answers other requests while many explanations wait, each for one short turn at most', async () => {
  await trained(randomForest({ trees: 300 }))
  const asked = Array.from({ length: 20 }, explain)
  let answered = 0
  let pending = true
  const rest = Promise.all(asked).finally(() => {
    pending = false
  })
  while (pending) {
    await request(server.url, 'POST', '/predict', '{"user_id":"known"}')
    answered++
  }
  for (const explanation of await rest) expect(explanation).toEqual((await rest)[0])
  expect(answered).toBeGreaterThan(10)
})

it('refuses any other query', async () => {
  for (const query of ['explain=yes', 'explain', 'expain=true']) {
    expect((await request(server.url, 'POST', `/predict?${query}`, '{"user_id":"known"}')).status).toBe(422)
  }
})
