import pg, { type ClientConfig } from 'pg'

const INT8 = 20

/**
 * How every connection of this program is made. A server that does not answer is noticed within seconds, and a process
 * that was paused inside a transaction loses it, so that nobody waits for its locks.
 */
export function connectionConfig(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: 'vigie',
    connectionTimeoutMillis: 5000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 5000,
    keepAlive: true,
    types: { getTypeParser },
  }
}

/** Counts and sizes are `bigint` in the tables and numbers here: all of them are far below 2^53. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return oid === INT8 ? Number : pg.types.getTypeParser(oid, format)
}

/**
 * A connection string as it may be shown and logged: without the password, which ends at the last `@`, because people
 * forget to encode one. Of what is no URL only the beginning is shown, since any part of it may be the password.
 */
export function withoutPassword(url: string): string {
  const shown = url.replace(/^([a-z]+:\/\/[^:/?#@]*):.*@/i, '$1:***@').replace(/([?&]password=)[^&]*/gi, '$1***')
  return shown !== url || URL.canParse(url) ? shown : `${/^[a-z]+:\/\//i.exec(url)?.[0] ?? ''}***`
}
