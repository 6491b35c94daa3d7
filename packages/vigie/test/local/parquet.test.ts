import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openOfflineStore } from '../../src/adapters/duckdb/offline-store.ts'
import { checkCsv } from '../../src/adapters/local/check-csv.ts'
import { parquetToText } from '../../src/adapters/parquet/read-parquet.ts'
import { writeParquetAsText } from '../../src/adapters/parquet/write-text.ts'
import type { ColumnContract, SourceContract } from '../../src/domain/contract.ts'
import { contractOfText, madeTokens } from '../../src/domain/delivery/formats.ts'
import { seededRandom } from '../../src/domain/random.ts'
import { contractOf, featureOf } from '../delivery.ts'

/** What `fixtures/parquet/make.py` wrote with pyarrow. */
const FIXTURES = path.join(import.meta.dirname, '..', 'fixtures', 'parquet')
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let root: string
let file: string
let stagedDir: string

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "vigie-test parquet's-"))
  file = path.join(root, 'delivered', 'usage.parquet')
  stagedDir = path.join(root, 'staging', 'this one')
  await mkdir(path.dirname(file))
  await mkdir(stagedDir, { recursive: true })
})

afterEach(() => rm(root, { recursive: true }))

type Type = ColumnContract['type']
const column = (type: Type, more: Partial<ColumnContract> = {}): ColumnContract => ({
  name: 'x',
  type,
  optional: false,
  ...more,
})
const usage = (...columns: readonly ColumnContract[]) => contractOf('usage', columns)
const check = (contract: SourceContract) => checkCsv({ dir: path.dirname(file), contract, stagedDir })

async function checkFixture(name: string, contract: SourceContract) {
  await copyFile(path.join(FIXTURES, `${name}.parquet`), file)
  return check(contract)
}

/** The same in this process: these files are known to be good. */
const textOfFixture = (name: string, x: ColumnContract) =>
  writeParquetAsText({
    file: path.join(FIXTURES, `${name}.parquet`),
    text: path.join(stagedDir, 'usage.csv'),
    key: 'user_id',
    columns: usage(x).columns,
    tokens: madeTokens('a'.repeat(64)),
    memoryLimit: '256MB',
  })

/** What stands in column x of the accepted text, row by row. */
async function texts(): Promise<readonly string[]> {
  const text = await readFile(path.join(stagedDir, 'usage.csv'), 'utf8')
  return text
    .split('\n')
    .slice(1, -1)
    .map((line) => line.slice(line.indexOf(',') + 1))
}

async function write(select: string, options = ''): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`copy (${select}) to '${file.replaceAll("'", "''")}' (format parquet${options})`)
  connection.closeSync()
  instance.closeSync()
}

describe('columns of another writer', () => {
  test.each<[string, Type, readonly string[]]>([
    ['int8', 'int', ['0', '7', '100']],
    ['int16', 'int', ['0', '7', '100']],
    ['int32', 'int', ['0', '7', '100']],
    ['int64', 'float', ['0', '7', '100']],
    ['uint8', 'int', ['0', '7', '100']],
    ['uint16', 'float', ['0', '7', '100']],
    ['uint32', 'int', ['0', '7', '100']],
    ['float16', 'float', ['0.5', '-2.0', '65504.0']],
    ['float32', 'float', ['0.10000000149011612', '-0.0', '3.3999999521443642e+38']],
    ['float64', 'float', ['0.1', '-0.0', '5e-324']],
    ['boolean', 'boolean', ['true', 'false', 'true']],
    ['dictionary', 'string', ['DSL', 'No', 'DSL']],
    ['large_text', 'category', ['DSL', 'No', 'DSL']],
    ['date', 'date', ['2024-02-29', '0001-01-01', '9999-12-31']],
    ['instant_ms', 'timestamp', ['2024-02-29T23:59:59.999Z', '1969-12-31T00:00:00Z', '2024-01-01T00:00:00.001Z']],
    ['instant_us', 'timestamp', ['2024-02-29T23:59:59.999999Z', '1969-12-31T00:00:00Z', '2024-01-01T00:00:00.001Z']],
    ['codec_snappy', 'int', ['1', '2', '3']],
    ['codec_gzip', 'int', ['1', '2', '3']],
    ['codec_zstd', 'int', ['1', '2', '3']],
    ['codec_lz4', 'int', ['1', '2', '3']],
  ])('%s is read as %s', async (name, type, expected) => {
    expect(await textOfFixture(name, column(type, { categories: ['DSL', 'No'] }))).toEqual({ rows: 3 })
    expect(await texts()).toEqual(expected)
  })

  test('is the delivered bytes by its hash, and a text beside them', async () => {
    const checked = await checkFixture('float64', usage(column('float')))
    expect(checked).toMatchObject({ format: 'parquet', rows: 3, header: ['user_id', 'x'], bom: false })
    expect(checked.sha256).toBe(sha256(await readFile(file)))
    expect((await readdir(stagedDir)).sort()).toEqual([`${checked.sha256}.parquet`, 'usage.csv'].sort())
  })

  test('texts keep their quotes, commas and newlines', async () => {
    await checkFixture('text', usage(column('string')))
    expect(await readFile(path.join(stagedDir, 'usage.csv'), 'utf8')).toBe(
      'user_id,x\nu1,DSL\nu2,"a ""quoted"", text"\nu3,"two\nlines"\n',
    )
  })

  test.each(['clock_ms', 'clock_us', 'clock_ns'])('times without UTC need a zone: %s', async (name) => {
    await expect(checkFixture(name, usage(column('timestamp')))).rejects.toMatchObject({ code: 'zone_missing' })
    expect(await checkFixture(name, usage(column('timestamp', { zone: 'Europe/Paris' })))).toMatchObject({ rows: 3 })
    expect((await texts())[1]).toBe('1969-12-31T00:00:00')
  })

  test.each<[string, Type, string]>([
    ['uint64', 'int', 'UBIGINT'],
    ['decimal', 'float', 'DECIMAL(9,2)'],
    ['blob', 'string', 'BLOB'],
    ['time', 'timestamp', 'TIME'],
    ['int96', 'timestamp', 'INT96'],
    ['instant_ns', 'timestamp', 'TIMESTAMP_NS WITH TIME ZONE'],
    ['instant_nanosecond', 'timestamp', 'TIMESTAMP_NS WITH TIME ZONE'],
    ['list', 'int', 'BIGINT[]'],
    ['struct', 'int', 'STRUCT(a BIGINT)'],
    ['map', 'string', 'MAP(VARCHAR, BIGINT)'],
    ['float64', 'int', 'DOUBLE'],
    ['int64', 'string', 'BIGINT'],
    ['int64', 'boolean', 'BIGINT'],
    ['text', 'float', 'VARCHAR'],
    ['text', 'date', 'VARCHAR'],
    ['date', 'timestamp', 'DATE'],
    ['boolean', 'int', 'BOOLEAN'],
  ])('%s is no %s', async (name, type, value) => {
    expect(await textOfFixture(name, column(type, { categories: ['DSL'] }))).toMatchObject({
      refused: { code: 'parquet_type', column: 'x', value },
    })
    expect(await readdir(stagedDir)).toEqual([])
  })

  test('a refused type names the file as it came', async () => {
    await expect(checkFixture('decimal', usage(column('float')))).rejects.toMatchObject({
      code: 'parquet_type',
      message: 'usage.parquet has the column "x" as DECIMAL(9,2)',
      details: { file: 'usage.parquet', column: 'x' },
    })
  })

  test('a nested column is refused also where the definition does not use it', async () => {
    const contract: SourceContract = { ...usage(), unused: ['x'] }
    expect(await checkFixture('float64', contract)).toMatchObject({ rows: 3 })
    await expect(checkFixture('struct', contract)).rejects.toMatchObject({ code: 'parquet_type' })
  })

  test.each<[string, string, object]>([
    ['clock_nanosecond', 'invalid_date', {}],
    ['not_finite', 'not_finite', { row: 2 }],
    ['null_key', 'null_not_allowed', { row: 2, column: 'user_id' }],
    ['null', 'null_not_allowed', { row: 2, column: 'x' }],
    ['no_rows', 'no_rows', {}],
    ['names_by_case', 'duplicate_column', {}],
    ['names_twice', 'duplicate_column', {}],
    ['name_with_nul', 'column_invalid', {}],
    ['name_of_sql', 'column_missing', {}],
    ['name_proto', 'column_missing', {}],
    ['codec_brotli', 'parquet_unsupported', { value: 'BROTLI' }],
    ['encrypted_footer', 'parquet_unsupported', {}],
    ['encrypted_columns', 'parquet_unsupported', {}],
  ])('%s is refused as %s', async (name, code, details) => {
    const type = { clock_nanosecond: 'timestamp', not_finite: 'float' }[name] ?? 'int'
    const contract = usage(column(type as Type, type === 'timestamp' ? { zone: 'UTC' } : {}))
    const refused = checkFixture(name, contract)
    await expect(refused).rejects.toMatchObject({ code, details: { file: 'usage.parquet', ...details } })
    const kept = path.join(root, 'staging', 'quarantine', `${sha256(await readFile(file))}.parquet`)
    expect(await readFile(kept)).toEqual(await readFile(file))
  })

  test('names that no SQL would survive are names like others', async () => {
    const contract: SourceContract = { ...usage(), extra: 'keep' }
    await expect(checkFixture('name_of_sql', contract)).rejects.toMatchObject({ code: 'column_invalid' })
    await expect(checkFixture('name_proto', contract)).rejects.toMatchObject({ code: 'column_invalid' })
  })
})

test('a broken value is told by its row, also behind texts of several lines', async () => {
  await write(`select 'u' || i as user_id, 'a' || chr(10) || 'b' as note, case when i = 7 then -1 else i end as x
    from range(10) t(i)`)
  const contract = { ...usage(column('int', { min: 0 })), unused: ['note'] }
  await expect(check(contract)).rejects.toMatchObject({
    code: 'out_of_range',
    message: expect.stringMatching(/^usage\.parquet row 8: /),
    details: { row: 8, broken: [{ rows: 1, examples: [{ row: 8, line: null, value: '-1' }] }] },
  })
})

test('null is told from every text, also from the texts that mean null in CSV', async () => {
  await write(
    `select * from (values ('u1', ''), ('u2', null), ('u3', 'null'), ('u4', 'NULL'), ('u5', 'true')) t(user_id, x)`,
  )
  const contract = usage(column('string', { optional: true }))
  const checked = await check(contract)
  const store = await openOfflineStore({ folder: path.join(root, 'tables') })
  const text = path.join(stagedDir, 'usage.csv')
  const table = await store.importCsv(text, checked.header, contractOfText(contract, checked), checked.rows)
  await store.close()
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const stored = path.join(root, 'tables', `${table.sha256}.parquet`).replaceAll("'", "''")
  const rows = await (await connection.run(`select x from read_parquet('${stored}')`)).getRows()
  expect(rows.flat()).toEqual(['', null, 'null', 'NULL', 'true'])
  connection.closeSync()
  instance.closeSync()
})

test('every float64 comes through with all its bits', async () => {
  const bits = new DataView(new ArrayBuffer(8))
  const random = seededRandom(4)
  const values = [0, -0, 5e-324, -5e-324, Number.MAX_VALUE, 2 ** 53, 0.1, 1e22, 1e21, 123456789012345680000]
  while (values.length < 50_000) {
    bits.setUint32(0, random.uint32())
    bits.setUint32(4, random.uint32())
    const x = bits.getFloat64(0)
    if (Number.isFinite(x)) values.push(x)
  }
  const list = path.join(root, 'values.csv')
  await writeFile(
    list,
    values.map((x, i) => `u${String(i).padStart(6, '0')},${Object.is(x, -0) ? '-0.0' : x}\n`).join(''),
  )
  await write(`select * from read_csv('${list.replaceAll("'", "''")}', header = false, auto_detect = false,
    columns = { user_id: 'VARCHAR', x: 'DOUBLE' })`)
  const contract = usage(column('float'))
  const checked = await check(contract)
  const store = await openOfflineStore({ folder: path.join(root, 'tables') })
  const text = path.join(stagedDir, 'usage.csv')
  const table = await store.importCsv(text, checked.header, contractOfText(contract, checked), checked.rows)
  const { columns } = await store.read(table, 'user_id', [featureOf('v', 'x', 'float')])
  await store.close()
  expect(values.filter((x, i) => !Object.is(x, columns[0]![i]))).toEqual([])
})

describe('a broken file', () => {
  test('is never read as another: every cut is refused, and a flipped bit by its manifest', async () => {
    const whole = await readFile(path.join(FIXTURES, 'codec_snappy.parquet'))
    for (const at of [0, 3, 4, 100, whole.length - 9, whole.length - 4, whole.length - 1]) {
      await writeFile(file, whole.subarray(0, at))
      await expect(check(usage(column('int'))), `cut at ${at}`).rejects.toMatchObject({
        code: /^(parquet_corrupt|content_mismatch)$/,
      })
    }
    const entry = { name: 'usage.parquet', sha256: sha256(whole), bytes: null, rows: null }
    for (const at of [10, 60, 200, whole.length - 20]) {
      const flipped = Buffer.from(whole)
      flipped[at]! ^= 1
      await writeFile(file, flipped)
      const manifest = { asOf: null, files: [entry] }
      await expect(
        checkCsv({ dir: path.dirname(file), contract: usage(column('int')), stagedDir, manifest }),
      ).rejects.toMatchObject({ code: 'size_or_hash_mismatch' })
    }
  }, 60_000)

  test('with a footer longer than itself, or that claims other rows, is corrupt', async () => {
    const whole = await readFile(path.join(FIXTURES, 'codec_snappy.parquet'))
    const footer = Buffer.from(whole)
    footer.writeUInt32LE(0x7fffffff, whole.length - 8)
    await writeFile(file, footer)
    await expect(check(usage(column('int')))).rejects.toMatchObject({ code: 'parquet_corrupt' })
  })

  test('does not harm this process, whatever is flipped in it', async () => {
    const whole = await readFile(path.join(FIXTURES, 'dictionary.parquet'))
    const random = seededRandom(5)
    for (let i = 0; i < 12; i++) {
      const flipped = Buffer.from(whole)
      for (let k = 0; k < 4; k++) flipped[4 + random.below(whole.length - 12)]! ^= 1 << random.below(8)
      await writeFile(file, flipped)
      // it may be read as other data, which only a manifest can tell; it may not fail in any other way
      const failure = await check(usage(column('string', { optional: true }))).then(
        () => null,
        (error) => error,
      )
      if (failure) expect(failure).toMatchObject({ kind: expect.stringMatching(/^(rejected|limit)$/) })
    }
  }, 120_000)
})

describe('limits', () => {
  const read = (limits: Partial<{ memoryMb: number; seconds: number; textBytes: number }>) =>
    parquetToText(
      { file, sha256: 'a'.repeat(64), name: 'usage.parquet', contract: usage(column('int')) },
      path.join(stagedDir, 'text'),
      { memoryMb: 512, seconds: 60, textBytes: 1e9, ...limits },
    )
  const MANY = `select 'u' || i as user_id, 7 as x from range(20000000) t(i)`

  test('a file that becomes too much text is given up', async () => {
    await write(MANY)
    await expect(read({ textBytes: 1e6 })).rejects.toMatchObject({ code: 'parquet_limit', kind: 'limit' })
  }, 60_000)

  test('a file that takes too long is given up', async () => {
    await write(MANY)
    await expect(read({ seconds: 0.5 })).rejects.toMatchObject({ code: 'parquet_limit' })
  }, 60_000)

  test('a file that needs too much memory is given up', async () => {
    // One page of one value each: hundreds of MB from a file of a few KB.
    await write(`select 'u' as user_id, 7 as x, repeat('abcdefgh', 40000000) as note`, ', compression zstd')
    expect((await stat(file)).size).toBeLessThan(1 << 20)
    await expect(read({ memoryMb: 64 })).rejects.toMatchObject({ code: 'parquet_limit' })
  }, 60_000)
})
