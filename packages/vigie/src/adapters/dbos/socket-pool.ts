import pg, { type PoolConfig } from 'pg'

/** What Node reports about a Unix socket whose server is down or goes down. */
const SOCKET_LOST = new Set(['ENOENT', 'EPIPE', 'ENOTCONN', 'EACCES'])

/**
 * A pool for DBOS. DBOS waits for a lost database and tries again, but recognises the loss by error codes that a Unix
 * socket does not give: there the run would end in memory and stay pending for ever. This pool translates them.
 */
export function socketPool(config: PoolConfig): pg.Pool {
  const pool = new pg.Pool(config)
  // Without listeners, connections that the server ends would end this process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    translateErrors(client, 'query')
  })
  translateErrors(pool, 'connect')
  translateErrors(pool, 'query')
  return pool
}

type Method = (...args: unknown[]) => unknown

/** Wraps a method that takes a callback as its last argument, or else returns a promise. */
function translateErrors<Name extends string>(target: { [name in Name]: unknown }, name: Name): void {
  const original = (target[name] as Method).bind(target)
  const translated: Method = (...args) => {
    const callback = args.at(-1)
    if (typeof callback === 'function') {
      return original(...args.slice(0, -1), (error: unknown, ...rest: unknown[]) => callback(translate(error), ...rest))
    }
    const result = original(...args)
    if (!(result instanceof Promise)) return result
    return result.catch((error: unknown) => {
      throw translate(error)
    })
  }
  target[name] = translated as (typeof target)[Name]
}

function translate(error: unknown): unknown {
  const { code, syscall = 'write' } = (error ?? {}) as { code?: string; syscall?: string }
  if (code !== undefined && SOCKET_LOST.has(code) && ['connect', 'read', 'write'].includes(syscall)) {
    Object.assign(error as object, { code: 'ECONNREFUSED' })
  }
  return error
}
