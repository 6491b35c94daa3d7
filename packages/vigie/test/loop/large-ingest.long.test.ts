import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgresForTests } from '../postgres.ts'

const WORKER = fileURLToPath(new URL('large-ingest.ts', import.meta.url))
const postgres = postgresForTests()
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vigie-test-large-'))
})

afterAll(() => rm(folder, { recursive: true }))

/** A delivery of one large file whose keys are scattered, written by DuckDB: JavaScript would take as long as the ingest. */
async function deliver(rows: number): Promise<string> {
  const dir = path.join(folder, 'delivery')
  await mkdir(dir)
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB', threads: '2' })
  const connection = await instance.connect()
  const numbers = Array.from({ length: 10 }, (_, i) => `(hash(i + ${i}) % 1000000)::double / 1000 as x${i}`)
  await connection.run(`copy (
      select lpad(((i * 7919) % 10000)::varchar, 4, '0') || '-' || i as user_id, ${numbers.join(', ')},
        i % 72 as n, case when i % 3 = 0 then 'True' else 'False' end as paid,
        ['month', 'year', 'prepaid'][1 + i % 3] as plan
      from range(${rows}) t(i))
    to '${path.join(dir, 'activity.csv')}' (format csv, header true)`)
  connection.closeSync()
  instance.closeSync()
  await writeFile(path.join(dir, 'labels.csv'), 'user_id,left\n0000-0,True\n7919-1,False\n')
  return dir
}

test('a CSV of 10 GB is ingested in at most 512 MB of memory', { timeout: 4 * 3_600_000 }, async () => {
  const rows = 102_000_000
  const dir = await deliver(rows)
  expect((await stat(path.join(dir, 'activity.csv'))).size).toBeGreaterThan(10e9)
  const run = promisify(execFile)(process.execPath, [
    '--conditions=vigie-source',
    WORKER,
    path.join(folder, 'home'),
    postgres.server.url('vigie'),
    dir,
  ])
  const taken = JSON.parse((await run).stdout)
  expect(taken.rows).toBe(rows)
  expect(taken.peakMb).toBeLessThanOrEqual(512)
})
