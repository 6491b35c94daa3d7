import { once } from 'node:events'
import net from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { TRUE_OR_FALSE } from '../../src/domain/model/target.ts'
import { buildApp } from '../../src/http/app.ts'
import { metrics } from '../../src/http/observe.ts'
import { routes } from '../../src/http/routes.ts'
import { startServer } from '../../src/http/server.ts'
import { readingOf, type ServingModel } from '../../src/http/serving-model.ts'
import { request } from './requests.ts'
import { constantModel, KNOWN, silent, storesForTests } from './serving.ts'

const stores = storesForTests(project)

async function start(port = 0, host = '127.0.0.1') {
  const server = await startServer({ ports: stores.ports, project, host, port, logger: silent })
  onTestFinished(() => server.close())
  return server
}

it('says when another program has the port', async () => {
  const { port } = await start()
  await expect(start(port)).rejects.toMatchObject({
    code: 'port_in_use',
    message: `port ${port} of 127.0.0.1 is taken by another program`,
  })
})

it('does not listen where other machines could call it', async () => {
  await expect(start(0, '0.0.0.0')).rejects.toMatchObject({ code: 'listener_open' })
})

/** A server whose list of reports is under way until it is given one. */
async function startSlow() {
  const asked = Promise.withResolvers<void>()
  const given = Promise.withResolvers<[]>()
  const list = () => {
    asked.resolve()
    return given.promise
  }
  const ports = { ...stores.ports, reports: { ...stores.ports.reports, list } }
  const server = await startServer({ ports, project, host: '127.0.0.1', port: 0, logger: silent })
  const underWay = request(server.url, 'GET', '/reports').then(
    ({ status }) => status,
    () => 'cut',
  )
  await asked.promise
  return { server, underWay, give: () => given.resolve([]) }
}

it('answers what is under way when it stops, and refuses new connections', async () => {
  const { server, underWay, give } = await startSlow()
  const closed = server.close()
  await expect.poll(() => request(server.url, 'GET', '/health').then(String, () => 'refused')).toBe('refused')
  give()
  expect(await underWay).toBe(200)
  await closed
})

it('says that it stops before it does', async () => {
  await stores.enthrone(constantModel(project, 0.5))
  const server = await startServer({ ports: stores.ports, project, host: '127.0.0.1', port: 0, logger: silent })
  expect((await request(server.url, 'GET', '/readyz')).status).toBe(200)
  const closed = server.close({ noticeMs: 300 })
  const told = await request(server.url, 'GET', '/readyz')
  expect({ status: told.status, text: told.json.detail }).toEqual({ status: 503, text: 'the server is stopping' })
  await closed
})

it('cuts what does not end', async () => {
  const { server, underWay } = await startSlow()
  await server.close({ drainMs: 50 })
  expect(await underWay).toBe('cut')
})

it('does not log it as a fault when a caller goes away inside its body', async () => {
  const error = vi.fn()
  const logger = { ...silent, error }
  const server = await startServer({ ports: stores.ports, project, host: '127.0.0.1', port: 0, logger })
  const head =
    'POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{'
  const socket = net.connect(server.port, '127.0.0.1', () => socket.write(head))
  await once(socket, 'connect')
  for (const step of [() => undefined, () => socket.destroy(), () => undefined]) {
    step()
    await request(server.url, 'GET', '/health')
  }
  await server.close()
  expect(error).not.toHaveBeenCalled()
})

/** The server over a model that is given instead of loaded. */
async function serverWith(serving: ServingModel) {
  const observed = metrics(project.model.name, serving)
  const list = routes({
    project,
    ports: stores.ports,
    serving,
    metrics: observed,
    stopping: () => false,
  })
  const app = await buildApp({ title: project.name, routes: list, metrics: observed, logger: silent })
  onTestFinished(() => app.close())
  return { app, list, observed }
}

const NONE: ServingModel = {
  current: () => null,
  failure: () => null,
  refresh: async () => undefined,
  close: async () => undefined,
}

it('shows no caller what is no probability, and counts it', async () => {
  await stores.know({ known: KNOWN })
  const model = {
    features: project.model.features,
    target: TRUE_OR_FALSE,
    threshold: 0.5,
    answers: () => Float64Array.of(Number.NaN),
    later: null,
  } as never
  const reading = readingOf(project, model)
  const champion = { model: project.model.name, version: 1, artefact: '', epoch: 1, since: '' }
  const { app } = await serverWith({ ...NONE, current: () => ({ champion, model, reading }) })
  const answer = await app.inject({ method: 'POST', url: '/predict', payload: { user_id: 'known' } })
  expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status: 500, code: 'model_invalid_output' })
  expect((await app.inject('/metrics')).body).toMatch(/^vigie_model_invalid_outputs_total 1$/m)
})

it('refuses predictions while it cannot keep up, and still answers operators', async () => {
  const { app } = await serverWith(NONE)
  let busy = true
  const block = () => {
    const until = performance.now() + 300
    while (performance.now() < until);
    if (busy) setImmediate(block)
  }
  block()
  const predict = () => app.inject({ method: 'POST', url: '/predict', payload: { user_id: 'known' } })
  await expect.poll(async () => (await predict()).json().code, { timeout: 20_000 }).toBe('overloaded')
  const refused = await predict()
  expect(refused.statusCode).toBe(503)
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await app.inject('/health')).statusCode).toBe(200)
  busy = false
})

it('does not start with a route that does not say who may call it', async () => {
  const { list, observed } = await serverWith(NONE)
  const { access: _, ...open } = list[0]!
  const routes = [{ ...open, url: '/forgotten' } as (typeof list)[0]]
  await expect(buildApp({ title: 'x', routes, metrics: observed, logger: silent })).rejects.toThrow(
    'POST /forgotten does not say who may call it',
  )
})
