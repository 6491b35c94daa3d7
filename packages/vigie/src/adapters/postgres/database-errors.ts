import { VigieError } from '../../errors.ts'
import { withoutPassword } from './connection.ts'

/** Which database, and whether this program runs it itself. */
export interface DatabaseLocation {
  readonly url: string
  readonly embedded: boolean
}

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EACCES',
  'ERR_INVALID_URL',
])

/** What `pg` says, without any code, when a connection ends or does not come about. */
const CONNECTION_LOST =
  /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|timeout expired|does not support SSL/

/** Of Postgres: connection failures, wrong login, no such database, too many connections, shutting down. */
const NOT_TO_BE_REACHED = /^(08...|28...|3D000|53300|57P0[1-3]|25P03)$/

/** Gives an error of the driver its name and next action. What is no error of the database comes back as it is. */
export function explainDatabaseError(error: unknown, location: DatabaseLocation): unknown {
  if (!(error instanceof Error) || error instanceof VigieError) return error
  const code = (error as { code?: unknown }).code
  const sqlState = typeof code === 'string' ? code : ''
  const shown = withoutPassword(location.url)
  const from = location.embedded ? 'the embedded Postgres' : `the database ${shown}`
  if (NETWORK.has(sqlState) || NOT_TO_BE_REACHED.test(sqlState) || CONNECTION_LOST.test(error.message)) {
    return new VigieError('database_unreachable', `${from} cannot be reached: ${reasonOf(error)}`, {
      rule: 'the system of record is a Postgres database that answers',
      value: shown,
      ...(location.embedded
        ? { hint: 'Run the same command again: it starts the embedded Postgres when needed.' }
        : {}),
      // Node's error about an URL that is none holds the whole of it, with the password.
      ...(sqlState === 'ERR_INVALID_URL' ? {} : { cause: error }),
    })
  }
  if (sqlState === '53100') {
    return new VigieError('disk_full', `${from} has no space left`, { value: error.message, cause: error })
  }
  if (sqlState === '57014' || sqlState === '55P03' || sqlState === '40P01') {
    return new VigieError('database_busy', `${from} did not finish a statement in time: ${error.message}`, {
      value: error.message,
      cause: error,
    })
  }
  if (sqlState === '42501') {
    return new VigieError('database_permission', `${from} refuses: ${error.message}`, {
      value: error.message,
      cause: error,
    })
  }
  return error
}

/** Node gathers the failures of several addresses in one error without a message. */
function reasonOf(error: Error): string {
  const parts = error instanceof AggregateError ? error.errors.map((e) => (e as Error).message) : [error.message]
  return parts.join(', ') || ((error as { code?: string }).code ?? error.name)
}

/** True for an error of Postgres itself with this SQLSTATE, also beneath one of ours. */
export function hasSqlState(error: unknown, sqlState: string): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  return code === sqlState || (cause !== undefined && hasSqlState(cause, sqlState))
}
