import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { csvSelect } from '../../src/adapters/duckdb/csv-sql.ts'
import { textOf } from '../../src/domain/csv/check.ts'
import { CsvCheck } from '../../src/domain/csv/csv-check.ts'
import { CsvScanner } from '../../src/domain/csv/scanner.ts'
import { catalogue } from '../../src/errors.ts'
import { contractOf } from '../delivery.ts'

const HEADER = ['user_id', 'a', 'b']
const GOOD = Buffer.from('user_id,a,b\nu1,"x, y",1.5\nu2,"say ""hi""",\nu3,Zoë,"two\nlines"\nu4,,4\n')
/** Bytes that mean something to a reader of CSV, and a few that are no text. */
const BYTES = [...Buffer.from('",\n\r;\t \\#\'x0é'), 0, 0xff, 0xc3, 0xef]
const contract = { ...contractOf('mutated', []), unused: ['a', 'b'], extra: 'reject' as const }

let folder: string
let database: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vigie-test-mutations-'))
  database = await DuckDBInstance.create(':memory:')
  connection = await database.connect()
})
afterAll(async () => {
  connection.closeSync()
  database.closeSync()
  await rm(folder, { recursive: true })
})

const mutation = fc.record({
  at: fc.double({ min: 0.1, max: 1, noNaN: true }),
  remove: fc.nat(1),
  insert: fc.array(fc.constantFrom(...BYTES), { maxLength: 3 }),
})

function mutated(mutations: readonly { at: number; remove: number; insert: readonly number[] }[]): Buffer {
  return mutations.reduce((bytes, { at, remove, insert }) => {
    const from = Math.floor(at * bytes.length)
    return Buffer.concat([bytes.subarray(0, from), Buffer.from(insert), bytes.subarray(from + remove)])
  }, GOOD)
}

/** The fields as our scanner reads them. */
function scanned(bytes: Uint8Array): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const scanner = new CsvScanner('mutated.csv', {
    field: (_index, content, start, end) => void row.push(textOf(content, start, end)),
    row: () => {
      rows.push(row)
      row = []
    },
    columnName: () => undefined,
  })
  scanner.push(bytes)
  scanner.end()
  return rows
}

test('a file with random faults is refused by a code, or the import reads what the check read', async () => {
  let [taken, refused] = [0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      const bytes = mutated(mutations)
      const check = new CsvCheck(contract)
      try {
        for (let at = 0; at < bytes.length; at += 5) check.push(bytes.subarray(at, at + 5))
        check.end()
      } catch (error) {
        expect(Object.keys(catalogue)).toContain((error as { code?: string }).code)
        expect((error as { code?: string }).code).not.toBe('internal')
        refused++
        return
      }
      taken++
      const [header, ...rows] = scanned(bytes)
      const file = path.join(folder, 'mutated.csv')
      await writeFile(file, bytes)
      const result = await connection.run(
        `select * from (${csvSelect({ path: file, bytes: bytes.length }, header!, contract)})`,
      )
      const names = result.columnNames()
      expect([...names].sort()).toEqual([...HEADER].sort())
      const read = (await result.getRows()).map((row) => row.map(String))
      const sorted = (texts: string[][]) => texts.map((row) => JSON.stringify(row)).sort()
      expect(sorted(read)).toEqual(sorted(rows))
    }),
    { seed: 7, numRuns: 3000 },
  )
  // Both happen often enough to say something.
  expect(taken).toBeGreaterThan(200)
  expect(refused).toBeGreaterThan(200)
})
