import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Project } from '../define/project.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import { buildApp } from './app.ts'
import { isLoopback } from './hosts.ts'
import type { Logger } from './logger.ts'
import { metrics as makeMetrics } from './observe.ts'
import { routes as makeRoutes } from './routes.ts'
import { openServingModel } from './serving-model.ts'

/** A server that listens. */
export interface RunningServer {
  /** Without a slash at its end. */
  readonly url: string
  readonly port: number
  /**
   * Stops without failing a request: says so at `/readyz` for `noticeMs`, then accepts no new connection, answers what
   * is under way, and after `drainMs` cuts what is left. The ports stay open; they are the caller's.
   */
  close(options?: { readonly noticeMs?: number; readonly drainMs?: number }): Promise<void>
}

/** What a server reads and writes. Without `served` what its predictions were made from is not kept. */
export type ServerPorts = Omit<Ports, 'fingerprintKey' | 'served' | 'graphs'> &
  Partial<Pick<Ports, 'served' | 'graphs'>>

/**
 * Serves the project's champion. Resolves when it listens, with the champion loaded when there is one. Port 0 picks a
 * free port. Throws `port_in_use`, or `listener_open` when the host is reachable from other machines: callers are not
 * authenticated.
 */
export async function startServer(options: {
  readonly ports: ServerPorts
  readonly project: Project
  readonly host: string
  readonly port: number
  readonly logger: Logger
}): Promise<RunningServer> {
  const { ports, project, host, port, logger } = options
  if (!isLoopback(host)) {
    throw new VigieError('listener_open', `the API cannot listen on ${host}`, {
      rule: 'without authentication the API listens on this machine only',
      value: host,
    })
  }
  const { registry, artefacts, served, graphs } = ports
  const serving = await openServingModel({ registry, artefacts, graphs, project, logger })
  let stopping = false
  const metrics = makeMetrics(project.model.name, serving, served)
  const routes = makeRoutes({ project, ports, served, serving, metrics, stopping: () => stopping })
  const app = await buildApp({ title: project.name, routes, metrics, logger })
  const listening = await listen(app, host, port).catch(async (error: unknown) => {
    await Promise.all([app.close(), serving.close()])
    throw error
  })
  return {
    ...listening,
    close: async ({ noticeMs = 0, drainMs = 8000 } = {}) => {
      stopping = true
      if (noticeMs > 0) await sleep(noticeMs)
      // A connection whose last answer was under way would stay open: nobody told its client that it closes.
      const sweep = setInterval(() => app.server.closeIdleConnections(), 20)
      const cut = setTimeout(() => app.server.closeAllConnections(), drainMs)
      await app.close()
      clearInterval(sweep)
      clearTimeout(cut)
      await serving.close()
    },
  }
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<{ url: string; port: number }> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw cause
    const why = code === 'EACCES' ? 'is not open to this user' : 'is taken by another program'
    throw new VigieError('port_in_use', `port ${port} of ${host} ${why}`, { value: String(port), cause })
  }
  const { address, port: bound } = app.server.address() as AddressInfo
  return { url: `http://${address.includes(':') ? `[${address}]` : address}:${bound}`, port: bound }
}
