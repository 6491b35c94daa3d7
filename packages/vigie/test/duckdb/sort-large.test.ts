import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sortedSlices } from '../../src/adapters/duckdb/sort-large.ts'

const ROWS = 30_000
/** So long a text that a slice has the fewest rows there may be: the rows are 15 slices. */
const BYTES = ROWS * 2 ** 20

let folder: string
let instance: DuckDBInstance
let connection: DuckDBConnection

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "vigie-test sort's-"))
  instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  connection = await instance.connect()
})

afterAll(async () => {
  connection.closeSync()
  instance.closeSync()
  await rm(folder, { recursive: true })
})

const rowsOf = async (query: string) => (await connection.run(query)).getRowsJson()

/** The table that is made of a query; row groups are smaller than in stores, so that there are many. */
async function bytesOf(query: string): Promise<Buffer> {
  const file = path.join(folder, 'table.parquet')
  const to = file.replaceAll("'", "''")
  await connection.run(`copy (${query}) to '${to}' (format parquet, compression zstd, row_group_size 4096)`)
  return readFile(file)
}

describe('rows that are sorted in slices are those of one sort:', () => {
  test.each([
    ['scattered keys', `(i * 7919) % ${ROWS}`],
    ['keys in order', `lpad(i::varchar, 6, '0')`],
    ['keys in reverse', `lpad((${ROWS} - i)::varchar, 6, '0')`],
    ['few keys with many events each', `i % 7`],
    ['one key', `'it''s'`],
    ['keys of all scripts', `chr(([65, 225, 20013, 57344, 65536][1 + i % 5] + hash(i) % 3000)::integer)`],
  ])('%s', async (what, key) => {
    const select = `select (${key})::varchar as "user id", hash(i) as "at", i as x, case when i % 3 = 0 then null else 'é"' || i end as note
      from range(${ROWS}) t(i)`
    const by = ['user id', 'at']
    const work = path.join(folder, what)
    const sorted = await sortedSlices(connection, { select, by, rows: ROWS, bytes: BYTES, sliceBytes: 2 ** 20 }, work)
    const once = `${select} order by "user id", "at"`
    expect(await rowsOf(sorted)).toEqual(await rowsOf(once))
    expect(await bytesOf(sorted)).toEqual(await bytesOf(once))
  })
})
