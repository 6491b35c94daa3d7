import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, test } from 'vitest'
import { exitStatus } from '../../src/cli/output.ts'
import { type AsOf, asOf } from '../../src/domain/as-of.ts'
import { EXCERPT } from '../../src/domain/csv/excerpt.ts'
import type { VigieError } from '../../src/errors.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { storesForTests } from '../loop/stores.ts'
import { bytesAccepted, bytesRefused } from './bytes.cases.ts'
import type { Accepted, Refused } from './case.ts'
import { deliveryAccepted, deliveryRefused } from './delivery.cases.ts'
import { type Files, goodFiles } from './files.ts'
import { injectionAccepted, injectionRefused } from './injection.cases.ts'
import { keysAccepted, keysRefused } from './keys-and-time.cases.ts'
import { parquetAccepted, parquetRefused } from './parquet.cases.ts'
import { projectOf } from './project.ts'
import { structureAccepted, structureRefused } from './structure.cases.ts'
import { valuesAccepted, valuesRefused } from './values.cases.ts'

const REFUSED = [
  bytesRefused,
  structureRefused,
  valuesRefused,
  keysRefused,
  deliveryRefused,
  parquetRefused,
  injectionRefused,
].flat()
const ACCEPTED = [
  bytesAccepted,
  structureAccepted,
  valuesAccepted,
  keysAccepted,
  deliveryAccepted,
  parquetAccepted,
  injectionAccepted,
].flat()

const JANUARY = asOf('2024-01-31')
const stores = storesForTests({ emptied: 'once' })
let folders = 0

let before: unknown

beforeAll(async () => {
  await ingest(stores.ports, projectOf(), { dir: await deliver({}), asOf: JANUARY })
  before = await stores.state()
})

async function deliver({ files, prepare }: Pick<Refused, 'files' | 'prepare'>): Promise<string> {
  const dir = path.join(stores.folder, String(folders++))
  await mkdir(dir)
  const all: Files = { ...goodFiles(), ...files }
  for (const [name, content] of Object.entries(all))
    if (content !== null) await writeFile(path.join(dir, name), content)
  await prepare?.(dir)
  return dir
}

const dateOf = (text = '2024-02-29') => text as AsOf
const named = <T extends { readonly id: string; readonly what: string }>(cases: readonly T[]) =>
  cases.map((one) => [`${one.id} ${one.what}`, one] as const)

// At once, because they wait for the disk most of the time; what another case has on its way would disturb a
// comparison of the tables, so that comes behind all of them.
describe.concurrent('refused, with nothing written and the original kept:', () => {
  test.each(named(REFUSED))('%s', async (_name, input: Refused) => {
    const dir = await deliver(input)
    const before = await stores.ports.snapshots.list()
    const error: VigieError = await ingest(stores.ports, projectOf(input.define), {
      dir,
      asOf: dateOf(input.asOf),
    }).then(
      () => expect.fail('the delivery was taken'),
      (thrown) => thrown,
    )
    expect(error).toMatchObject({ code: input.code, message: expect.any(String), hint: expect.stringMatching(/./) })
    expect(exitStatus(error)).toBe(input.exit ?? 3)
    const { code: _code, exit: _exit, line, column, details, held, file = 'usage.csv' } = input
    expect(error.details).toMatchObject({
      rule: expect.stringMatching(/./),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      ...(held ? { severity: 'hold' } : {}),
      ...details,
    })
    const value = error.details.value ?? ''
    expect(value.length).toBeLessThanOrEqual(EXCERPT)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may reach a terminal or a log
    expect(`${value}${error.message}`).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\ufeff]/)
    expect(await stores.ports.snapshots.list()).toEqual(before)
    if (file === null) return
    const refused = await sha256Of(path.join(dir, file))
    const kept = path.join(stores.ports.staging, 'quarantine', `${refused}${file.slice(file.indexOf('.'))}`)
    expect(await sha256Of(kept)).toBe(refused)
  })
})

test('after all that was refused every store is as it was, and nothing is on its way', async () => {
  expect(await stores.state()).toEqual(before)
  expect(await readdir(stores.ports.staging)).toEqual(['quarantine'])
})

describe('accepted, and read back exactly:', () => {
  test.each(named(ACCEPTED))('%s', async (_name, input: Accepted) => {
    const project = projectOf(input.define)
    const dir = await deliver(input)
    const taken = await ingest(stores.ports, project, { dir, asOf: dateOf(input.asOf), correction: true })
    const checked = taken.files.find((file) => file.source === 'usage')
    expect(checked).toMatchObject(input.checked ?? {})
    const snapshot = (await stores.ports.snapshots.list()).find(({ id }) => id === taken.snapshot)
    const rows = await storedRows(path.join(stores.tables, `${snapshot!.tables.usage!.sha256}.parquet`))
    expect(rows).toHaveLength(checked!.rows)
    if (input.stored) expect(rows).toMatchObject(input.stored)
  })
})

async function sha256Of(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}

async function storedRows(file: string): Promise<unknown[]> {
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  try {
    const result = await connection.run(`select columns(*)::varchar from read_parquet('${file}') order by user_id`)
    const names = result.columnNames()
    return (await result.getRows()).map((row) => Object.fromEntries(row.map((value, i) => [names[i], value])))
  } finally {
    connection.closeSync()
    database.closeSync()
  }
}
