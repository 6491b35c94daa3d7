import { createHash } from 'node:crypto'
import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkCsv } from '../../src/adapters/local/check-csv.ts'
import { readManifest } from '../../src/adapters/local/delivery/read-manifest.ts'
import type { SourceContract } from '../../src/domain/contract.ts'
import type { Manifest } from '../../src/domain/delivery/manifest.ts'
import { contractOf } from '../delivery.ts'

const contract = contractOf('usage', [{ name: 'hours', type: 'float', optional: false, min: 0 }])
const GOOD = 'user_id,hours\nu1,1.5\nu2,2\n'
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let root: string
let dir: string
let stagedDir: string
let kept: string

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'vigie-test-forms-'))
  dir = path.join(root, 'delivered')
  stagedDir = path.join(root, 'staging', 'this one')
  kept = path.join(root, 'staging', 'quarantine')
  await mkdir(dir)
  await mkdir(stagedDir, { recursive: true })
})

afterEach(() => rm(root, { recursive: true }))

interface Options {
  readonly manifest?: Manifest
  readonly maxBytes?: number
  readonly by?: SourceContract
}

const check = ({ by = contract, ...options }: Options = {}) => checkCsv({ dir, contract: by, stagedDir, ...options })
const bring = (name: string, bytes: string | Uint8Array) => writeFile(path.join(dir, name), bytes)
const staged = (name: string) => readFile(path.join(stagedDir, name), 'utf8')
const refuses = (options: Options, code: string, details: object = {}) =>
  expect(check(options)).rejects.toMatchObject({ code, details })

describe('which file', () => {
  test.each([
    ['usage.csv', 'usage.csv.gz'],
    ['usage.csv', 'usage.parquet'],
    ['usage.csv.gz', 'usage.parquet'],
  ])('a source that is there as %s and as %s is refused', async (one, other) => {
    await bring(one, GOOD)
    await bring(other, GOOD)
    await refuses({}, 'ambiguous_file', { value: `${one}, ${other}` })
  })

  test.each(['usage.zip', 'usage.csv.zip', 'usage.tar', 'usage.tar.gz', 'usage.csv.xz', 'usage.gz', 'usage.csv.zst'])(
    'an archive is not opened: %s',
    async (name) => {
      await bring(name, 'PK\x03\x04')
      await refuses({}, 'archive_unsupported', { file: name })
    },
  )

  test('no file, and no folder, is a missing file', async () => {
    await refuses({}, 'file_missing', { file: 'usage.csv' })
    await rm(dir, { recursive: true })
    await refuses({}, 'file_missing', { file: 'usage.csv' })
  })

  test.each([
    ['usage.csv', 'a Parquet file', Buffer.from('PAR1rest')],
    ['usage.csv', 'a gzip file', gzipSync(GOOD)],
    ['usage.csv', 'a zip file', Buffer.from('PK\x03\x04rest')],
    ['usage.csv', 'a web page or XML', Buffer.from('\ufeff\n <!DOCTYPE html><html><body>502 Bad Gateway')],
    ['usage.csv', 'a web page or XML', Buffer.from('<html>no</html>')],
    ['usage.csv', 'a web page or XML', Buffer.from('<?xml version="1.0"?>')],
    ['usage.csv', 'an xz file', Buffer.from('fd377a585a0000', 'hex')],
    ['usage.csv', 'a zstd file', Buffer.from('28b52ffd00', 'hex')],
    ['usage.csv', 'a PDF file', Buffer.from('%PDF-1.7')],
    ['usage.csv.gz', 'text', Buffer.from(GOOD)],
    ['usage.csv.gz', 'a Parquet file', Buffer.from('PAR1rest')],
    ['usage.csv.gz', 'a gzip file', gzipSync(gzipSync(GOOD))],
    ['usage.csv.gz', 'a web page or XML', gzipSync('<html>502</html>')],
    ['usage.parquet', 'text', Buffer.from(GOOD)],
    ['usage.parquet', 'a gzip file', gzipSync(GOOD)],
  ])('%s that holds %s is refused and kept', async (name, what, bytes) => {
    await bring(name, bytes)
    await refuses({}, 'content_mismatch', { file: name })
    await expect(check()).rejects.toThrow(`${name} holds ${what}`)
    const format = name.slice('usage.'.length)
    expect(await readFile(path.join(kept, `${sha256(bytes)}.${format}`))).toEqual(bytes)
    expect(await readdir(stagedDir)).toEqual([])
  })

  test('a file beyond the limit of the definition is refused before it is read', async () => {
    await bring('usage.csv', GOOD)
    await refuses({ maxBytes: 20 }, 'too_large')
    expect(await readdir(path.dirname(kept))).toEqual(['this one'])
    expect(await check({ maxBytes: GOOD.length })).toMatchObject({ rows: 2 })
  })
})

describe('gzip', () => {
  test('is decoded, and is the delivered bytes by its hash', async () => {
    const bytes = gzipSync(GOOD)
    await bring('usage.csv.gz', bytes)
    expect(await check()).toMatchObject({ format: 'csv.gz', sha256: sha256(bytes), bytes: bytes.length, rows: 2 })
    expect(await staged('usage.csv')).toBe(GOOD)
    expect(await readFile(path.join(stagedDir, `${sha256(bytes)}.csv.gz`))).toEqual(bytes)
    expect(await readdir(stagedDir)).toHaveLength(2)
  })

  test('of many pieces, with a name and a comment in its head, is decoded byte for byte', async () => {
    const text = `user_id,hours\n${Array.from({ length: 300_000 }, (_, i) => `user-${i},${i / 7}\n`).join('')}`
    const whole = gzipSync(text)
    const head = Buffer.from([0x1f, 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 3, 2, 0, 1, 2])
    const names = Buffer.from('usage.csv\0a comment\0\x12\x34', 'latin1')
    await bring('usage.csv.gz', Buffer.concat([head, names, whole.subarray(10)]))
    expect(await check()).toMatchObject({ rows: 300_000 })
    expect(sha256(await staged('usage.csv'))).toBe(sha256(text))
  })

  const good = gzipSync(GOOD)
  const flipped = (at: number) =>
    Buffer.from(good).fill(good.at(at)! ^ 1, at < 0 ? good.length + at : at, at < 0 ? good.length + at + 1 : at + 1)
  test.each<[string, Uint8Array]>([
    ['a second member', Buffer.concat([good, good])],
    ['text behind it', Buffer.concat([good, Buffer.from('more')])],
    ['zeros behind it', Buffer.concat([good, Buffer.alloc(512)])],
    ['much behind it', Buffer.concat([good, Buffer.alloc(1 << 20, 7)])],
    ['a wrong checksum', flipped(-8)],
    ['a wrong length', flipped(-1)],
    ['a flipped bit in the middle', flipped(20)],
    ['its last byte missing', good.subarray(0, -1)],
    ['its trailer missing', good.subarray(0, -8)],
    ['half of it missing', good.subarray(0, 20)],
    ['only its head', good.subarray(0, 10)],
    ['only its first two bytes', good.subarray(0, 2)],
    ['nothing in it', Buffer.alloc(0)],
    ['another method', flipped(2)],
  ])('with %s is refused and kept', async (_what, bytes) => {
    await bring('usage.csv.gz', bytes)
    await refuses({}, 'archive_corrupt', { file: 'usage.csv.gz' })
    expect(await readFile(path.join(kept, `${sha256(bytes)}.csv.gz`))).toEqual(Buffer.from(bytes))
    expect(await readdir(stagedDir)).toEqual([])
  })

  test('every cut of a file and every flipped bit of its content is refused', async () => {
    for (let at = 0; at < good.length; at++) {
      await bring('usage.csv.gz', good.subarray(0, at))
      await expect(check(), `cut at ${at}`).rejects.toMatchObject({ kind: 'rejected' })
      if (at < 10) continue
      await bring('usage.csv.gz', flipped(at))
      await expect(check(), `flipped at ${at}`).rejects.toMatchObject({ kind: 'rejected' })
    }
  }, 60_000)

  test('that decodes to more than a hundred times its size is refused before it is decoded', async () => {
    await bring('usage.csv.gz', gzipSync(Buffer.alloc(200 << 20, 'u1,1.5\n')))
    const before = process.memoryUsage().rss
    await refuses({}, 'decompression_limit', { file: 'usage.csv.gz' })
    expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20)
  })

  test('that decodes beyond the limit of the definition is refused', async () => {
    const text = `user_id,hours\n${Array.from({ length: 1000 }, (_, i) => `u${i},${(i * 7919) % 1009}\n`).join('')}`
    await bring('usage.csv.gz', gzipSync(text))
    await refuses({ maxBytes: text.length - 1 }, 'decompression_limit')
    expect(await check({ maxBytes: text.length })).toMatchObject({ rows: 1000 })
  })

  test('with broken text says the line of the text, under the name of the file', async () => {
    await bring('usage.csv.gz', gzipSync(`${GOOD}u3,x\n`))
    await refuses({}, 'not_a_number', { file: 'usage.csv.gz', line: 4 })
    await expect(check()).rejects.toThrow(/^usage\.csv\.gz line 4: /)
  })

  test('a raw deflate stream is none', async () => {
    await bring('usage.csv.gz', Buffer.concat([Buffer.from([0x1f, 0x8b]), deflateRawSync(GOOD)]))
    await refuses({}, 'archive_corrupt')
  })
})

describe('a manifest', () => {
  const entry = { name: 'usage.csv', sha256: null, bytes: null, rows: null }
  const of = (...files: Manifest['files']): Manifest => ({ asOf: null, files })

  beforeEach(() => bring('usage.csv', GOOD))

  test('that agrees is no hindrance', async () => {
    const manifest = of({ name: 'usage.csv', sha256: sha256(GOOD), bytes: GOOD.length, rows: 2 })
    expect(await check({ manifest })).toMatchObject({ rows: 2 })
    expect(await check({ manifest: of(entry) })).toMatchObject({ rows: 2 })
  })

  test.each([
    ['another hash', { sha256: 'a'.repeat(64) }, 'size_or_hash_mismatch'],
    ['another size', { bytes: 5 }, 'size_or_hash_mismatch'],
    ['another number of rows', { rows: 3 }, 'row_count_mismatch'],
  ])('with %s refuses the file', async (_what, claim, code) => {
    const refused = check({ manifest: of({ ...entry, ...claim }) })
    await expect(refused).rejects.toMatchObject({ code, kind: 'integrity', details: { file: 'usage.csv' } })
    expect(await readdir(kept)).toHaveLength(2)
    expect(await readdir(stagedDir)).toEqual([])
  })

  test('finds a file that was cut exactly at the end of a row', async () => {
    await bring('usage.csv', GOOD.slice(0, GOOD.indexOf('u2')))
    expect(await check()).toMatchObject({ rows: 1 })
    await refuses({ manifest: of({ ...entry, rows: 2 }) }, 'row_count_mismatch')
    await refuses({ manifest: of({ ...entry, bytes: GOOD.length }) }, 'size_or_hash_mismatch')
  })

  test('counts rows that are left out', async () => {
    const by = { ...contract, badRows: { maxShare: 0.5, maxRows: 10 } }
    await bring('usage.csv', `${GOOD}u3,-1\n`)
    expect(await check({ by, manifest: of({ ...entry, rows: 3 }) })).toMatchObject({ rows: 2, quarantined: 1 })
  })

  test('lists each file of the delivery, in the form in which it comes', async () => {
    await refuses({ manifest: of() }, 'manifest_missing', { value: 'usage.csv' })
    await refuses({ manifest: of({ ...entry, name: 'usage.parquet' }) }, 'file_missing', { file: 'usage.parquet' })
  })

  test('is read from the folder, must be there when it is required, and is of the date', async () => {
    const read = (asOf: string | null = null, required = false) => readManifest({ dir, asOf: asOf as never, required })
    expect(await read()).toBeNull()
    await expect(read(null, true)).rejects.toMatchObject({ code: 'manifest_missing' })
    await bring('manifest.json', '\ufeff{"asOf":"2024-01-31","files":{"usage.csv":{"rows":2}}}')
    expect(await read('2024-01-31', true)).toEqual({ asOf: '2024-01-31', files: [{ ...entry, rows: 2 }] })
    await expect(read('2024-02-29')).rejects.toMatchObject({ code: 'as_of_mismatch', details: { value: '2024-01-31' } })
    await bring('manifest.json', `{"files":{${' '.repeat(1 << 20)}}}`)
    await expect(read()).rejects.toMatchObject({ code: 'manifest_invalid' })
    await rm(path.join(dir, 'manifest.json'))
    await link(path.join(dir, 'usage.csv'), path.join(dir, 'manifest.json'))
    await expect(read()).rejects.toMatchObject({ code: 'not_a_regular_file' })
  })
})

describe('rows that are left out', () => {
  const by = { ...contract, badRows: { maxShare: 0.5, maxRows: 10 } }
  const TEXT = 'hours,user_id\r\n1,u1\r\n-5,u2\r\nx,u3\r\n2,u4\r\n3,u5\r\n-7,"u,6"\r\n4,u7'

  test.each([
    ['usage.csv', Buffer.from(TEXT)],
    ['usage.csv.gz', gzipSync(TEXT)],
  ])('of %s are kept beside the original, and the others imported', async (name, bytes) => {
    await bring(name, bytes)
    const checked = await check({ by })
    expect(checked).toMatchObject({ rows: 4, quarantined: 3, sha256: sha256(bytes) })
    expect(checked.content).not.toBe(checked.sha256)
    expect(await staged('usage.csv')).toBe('hours,user_id\r\n1,u1\r\n2,u4\r\n3,u5\r\n4,u7')
    expect(await readFile(path.join(kept, `${checked.sha256}.rows.csv`), 'utf8')).toBe(
      'hours,user_id\r\n-5,u2\r\nx,u3\r\n-7,"u,6"\r\n',
    )
    expect(await readFile(path.join(kept, `${checked.sha256}.${checked.format}`))).toEqual(bytes)
    expect(JSON.parse(await readFile(path.join(kept, `${checked.sha256}.json`), 'utf8'))).toMatchObject({
      source: 'usage',
      rows: 3,
      broken: [{ code: 'out_of_range', rows: 2 }, { code: 'not_a_number' }],
    })
  })

  test('give other content than other rows of the same file', async () => {
    await bring('usage.csv', TEXT)
    const first = await check({ by })
    const wider = contractOf('usage', [{ name: 'hours', type: 'float', optional: false, min: -6 }])
    const second = await check({ by: { ...wider, badRows: by.badRows } })
    expect(second).toMatchObject({ sha256: first.sha256, quarantined: 2 })
    expect(second.content).not.toBe(first.content)
  })

  test('are at most as many as the cap says: one more refuses the file', async () => {
    await bring('usage.csv', TEXT)
    await refuses({ by: { ...contract, badRows: { maxShare: 0.5, maxRows: 2 } } }, 'quarantine_cap')
    expect(await readdir(kept)).toHaveLength(2)
  })
})
