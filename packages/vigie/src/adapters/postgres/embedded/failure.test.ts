import { expect, it } from 'vitest'
import { explain } from './failure.ts'

const at = { what: 'Postgres does not start', dataDir: '/state/data', file: '/state/postgres.log' }

/** What Postgres 18.4 and its initdb wrote when each of these was brought about. */
const SAID: readonly (readonly [reason: string, output: string])[] = [
  [
    'port_in_use',
    `LOG:  could not bind IPv4 address "127.0.0.1": Address already in use
HINT:  Is another postmaster already running on port 5432? If not, wait a few seconds and retry.
WARNING:  could not create listen socket for "127.0.0.1"
FATAL:  could not create any TCP/IP sockets`,
  ],
  ['socket_in_use', 'FATAL:  lock file "/tmp/x/.s.PGSQL.5432.lock" already exists'],
  ['corrupt', 'PANIC:  could not locate a valid checkpoint record at 0/174B660'],
  ['corrupt', 'FATAL:  database files are incompatible with server'],
  ['corrupt', 'postgres: could not find the database system\nExpected to find it in the directory "/state/data"'],
  ['orphans', 'FATAL:  pre-existing shared memory block (key 1573, ID 4) is still in use'],
  ['bad_settings', 'FATAL:  invalid value for parameter "shared_buffers": "plenty"'],
  ['user_unnamed', 'initdb: error: could not look up effective user ID 12345: user does not exist'],
  ['no_access', 'initdb: error: could not access directory "/root/state/data": Permission denied'],
  ['start_failed', 'FATAL:  something that nobody has seen yet'],
]

it.each(SAID)('recognises %s', (reason, output) => {
  const error = explain(output, at)
  expect(error).toMatchObject({ code: 'postgres_failed', details: { reason, file: '/state/postgres.log' } })
  expect(error.hint).toContain('Log: /state/postgres.log')
})

it.each([
  `FATAL:  could not extend file "base/1/2691": wrote only 4096 of 8192 bytes at block 9
HINT:  Check free disk space.
PANIC:  cannot abort transaction 1, it was already committed`,
  'FATAL:  could not write to file "base/4/1249": No space left on device',
])('recognises a full disk', (output) => {
  expect(explain(output, at)).toMatchObject({ code: 'disk_full', details: { value: '/state/data' } })
})

it('quotes the first complaint, of which the others are consequences', () => {
  expect(explain(SAID[0]![1], at).details.value).toBe(
    'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use',
  )
})
