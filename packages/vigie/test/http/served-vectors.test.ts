import path from 'node:path'
import { expect, it } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { localVectorLog } from '../../src/adapters/local/vector-log.ts'
import { startServer } from '../../src/http/server.ts'
import type { ServedBatch } from '../../src/ports/served-vectors.ts'
import { constantModel, KNOWN, silent, storesForTests } from './serving.ts'

const stores = storesForTests(project)

it('a prediction is kept as the model saw it; a refused one and a look at the features are not', async () => {
  await stores.know({ known: KNOWN, holes: { ...KNOWN, skips_7d: null } })
  await stores.enthrone(constantModel(project, 0.75))
  const served = localVectorLog({ folder: path.join(stores.folder, 'served') })
  const ports = { ...stores.ports, served }
  const server = await startServer({ ports, project, host: '127.0.0.1', port: 0, logger: silent })
  const predict = (user_id: string) =>
    fetch(`${server.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user_id }),
    })
  const before = Date.now() * 1000
  expect((await predict('known')).status).toBe(200)
  expect((await predict('holes')).status).toBe(422)
  expect((await predict('NOPE')).status).toBe(404)
  await fetch(`${server.url}/features/known`)
  await served.flush()

  const batches: ServedBatch[] = []
  for await (const batch of served.newest(10)) batches.push(batch)
  expect(batches).toHaveLength(1)
  const [{ request, rows } = { request: null, rows: [] }] = batches
  expect(request?.features).toEqual(JSON.parse(JSON.stringify(project.model.features)))
  expect(rows).toMatchObject([{ key: 'known', stamp: stores.ports.online.stamp() }])
  expect(rows[0]?.at).toBeGreaterThanOrEqual(before)
  const fee = project.model.features.findIndex(({ feature }) => feature === 'monthly_fee')
  expect(rows[0]?.values[fee]).toBe(KNOWN.monthly_fee)
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toMatch(/^vigie_served_vectors_dropped_total 0$/m)
  await server.close()
  await served.close()
})
