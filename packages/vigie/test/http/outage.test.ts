import { expect, it, onTestFinished, vi } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { startPostgres, stopPostgres } from '../../src/adapters/postgres/embedded/index.ts'
import { startServer } from '../../src/http/server.ts'
import { request } from './requests.ts'
import { constantModel, KNOWN, silent, storesForTests } from './serving.ts'

const stores = storesForTests(project)

it('predicts on while Postgres is away, says so, and sees what was promoted after it came back', async () => {
  await stores.know({ known: KNOWN })
  await stores.enthrone(constantModel(project, 0.25))
  const server = await startServer({ ports: stores.ports, project, host: '127.0.0.1', port: 0, logger: silent })
  onTestFinished(() => server.close())
  const health = async () => (await request(server.url, 'GET', '/health')).json
  const predict = () => request(server.url, 'POST', '/predict', '{"user_id":"known"}')
  const patient = { timeout: 20_000, interval: 100 }

  const { root } = stores.postgres.server
  await stopPostgres({ root })
  await vi.waitFor(
    async () => expect((await health()).degraded).toMatchObject([{ code: 'database_unreachable' }]),
    patient,
  )
  expect((await health()).champion).toMatchObject({ version: 1 })
  expect((await predict()).json).toMatchObject({ version: 1, probability: 0.25 })
  expect((await request(server.url, 'GET', '/readyz')).status).toBe(200)

  await startPostgres({ root })
  await vi.waitFor(async () => expect((await health()).degraded).toEqual([]), patient)
  await stores.enthrone(constantModel(project, 0.75))
  await vi.waitFor(async () => expect((await predict()).json).toMatchObject({ version: 2, probability: 0.75 }), patient)
})
