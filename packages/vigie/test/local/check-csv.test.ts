import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFile,
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkCsv } from '../../src/adapters/local/check-csv.ts'
import { contractOf } from '../delivery.ts'

const contract = contractOf('usage', [{ name: 'hours', type: 'float', optional: false }])
const GOOD = 'user_id,hours\nu1,1.5\nu2,2\n'
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let root: string
let file: string
let stagedDir: string
let quarantine: string

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'vigie-test-check-'))
  file = path.join(root, 'delivered', 'usage.csv')
  stagedDir = path.join(root, 'staging', 'this one')
  quarantine = path.join(root, 'staging', 'quarantine')
  await mkdir(path.dirname(file))
  await mkdir(stagedDir, { recursive: true })
})

afterEach(() => rm(root, { recursive: true }))

const check = () => checkCsv({ file, contract, stagedDir })
const staging = async () => (await readdir(path.join(root, 'staging'), { recursive: true })).sort()

test('a good file is copied under the hash of its bytes and described', async () => {
  const bytes = `\ufeff${GOOD}`
  await writeFile(file, bytes)
  expect(await check()).toMatchObject({
    source: 'usage',
    sha256: sha256(bytes),
    bytes: Buffer.byteLength(bytes),
    rows: 2,
    header: ['user_id', 'hours'],
    bom: true,
  })
  expect((await readdir(stagedDir)).sort()).toEqual([`${sha256(bytes)}.csv`, 'usage.csv'].sort())
  expect(await readFile(path.join(stagedDir, 'usage.csv'), 'utf8')).toBe(bytes)
  expect(await readFile(path.join(stagedDir, `${sha256(bytes)}.csv`), 'utf8')).toBe(bytes)
  expect(await readFile(file, 'utf8')).toBe(bytes)
})

test('a file of many chunks is copied byte for byte', async () => {
  const bytes = `user_id,hours\n${Array.from({ length: 100_000 }, (_, i) => `user-${i},${i / 7}\n`).join('')}`
  await writeFile(file, bytes)
  const checked = await check()
  expect(checked).toMatchObject({ rows: 100_000, sha256: sha256(bytes) })
  expect(sha256(await readFile(path.join(stagedDir, `${checked.sha256}.csv`)))).toBe(sha256(bytes))
})

describe('a refused file', () => {
  test('is kept whole, with what was wrong beside it, and nothing else is left', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${GOOD}u3,`),
      Buffer.of(0xe9, 0x00),
      Buffer.from(`\n${'u4,1\n'.repeat(200_000)}`),
    ])
    await writeFile(file, bytes)
    const kept = path.join(quarantine, `${sha256(bytes)}.csv`)
    await expect(check()).rejects.toMatchObject({
      code: 'encoding_invalid',
      details: { file: 'usage.csv', line: 4, quarantined: kept },
    })
    expect((await readFile(kept)).equals(bytes)).toBe(true)
    expect(JSON.parse(await readFile(path.join(quarantine, `${sha256(bytes)}.json`), 'utf8'))).toMatchObject({
      file,
      sha256: sha256(bytes),
      bytes: bytes.length,
      code: 'encoding_invalid',
      rule: 'files are valid UTF-8',
      line: 4,
      hint: expect.any(String),
    })
    expect(await staging()).toEqual([
      'quarantine',
      `quarantine/${sha256(bytes)}.csv`,
      `quarantine/${sha256(bytes)}.json`,
      'this one',
    ])
  })

  test('that is delivered again is kept once', async () => {
    await writeFile(file, 'user_id,hours\nu1\n')
    await expect(check()).rejects.toMatchObject({ code: 'ragged_row' })
    await expect(check()).rejects.toMatchObject({ code: 'ragged_row' })
    expect(await readdir(quarantine)).toHaveLength(2)
  })

  test('of no bytes is kept too', async () => {
    await writeFile(file, '')
    await expect(check()).rejects.toMatchObject({ code: 'empty_file' })
    expect(await readdir(quarantine)).toContain(`${sha256('')}.csv`)
  })
})

describe('what is no ordinary file is not opened', () => {
  const elsewhere = () => path.join(root, 'elsewhere.csv')

  const cases: readonly [string, () => Promise<unknown>, string, string][] = [
    ['nothing', async () => undefined, 'file_missing', 'usage.csv'],
    [
      'a file where the folder should be',
      () => rm(path.dirname(file), { recursive: true }).then(() => writeFile(path.dirname(file), '')),
      'file_missing',
      'usage.csv',
    ],
    [
      'a symbolic link',
      () => writeFile(elsewhere(), GOOD).then(() => symlink(elsewhere(), file)),
      'not_a_regular_file',
      'a symbolic link',
    ],
    ['a broken link', () => symlink(elsewhere(), file), 'not_a_regular_file', 'a symbolic link'],
    [
      'a hard link',
      () => writeFile(elsewhere(), GOOD).then(() => link(elsewhere(), file)),
      'not_a_regular_file',
      'one of 2 hard links to the same file',
    ],
    ['a folder', () => mkdir(file), 'not_a_regular_file', 'a folder'],
    ['a pipe that nobody writes to', async () => execFileSync('mkfifo', [file]), 'not_a_regular_file', 'a pipe'],
  ]
  test.each(cases)('%s', async (_what, make, code, value) => {
    await make()
    await expect(check()).rejects.toMatchObject({ code, details: { file: 'usage.csv', value } })
    expect(await staging()).toEqual(['this one'])
  })

  test('a device', async () => {
    file = '/dev/zero'
    await expect(check()).rejects.toMatchObject({ code: 'not_a_regular_file', details: { value: 'a device' } })
  })

  test('a socket', async () => {
    const server = createServer()
    await new Promise<void>((listening) => server.listen(file, listening))
    await expect(check()).rejects.toMatchObject({ code: 'not_a_regular_file', details: { value: 'a socket' } })
    await new Promise((closed) => server.close(closed))
  })

  test.skipIf(process.getuid?.() === 0)('a file that this user may not read', async () => {
    await writeFile(file, GOOD)
    await chmod(file, 0o000)
    await expect(check()).rejects.toMatchObject({ code: 'unreadable_file', kind: 'temporary' })
  })
})

describe('a file that changes while it is read', () => {
  const LONG = `user_id,hours\n${'u1,1.5\n'.repeat(2_000_000)}`

  const changes: readonly [string, () => Promise<unknown>][] = [
    ['grows', () => appendFile(file, 'u2,2\n')],
    ['is cut', () => truncate(file, 1000)],
    ['is replaced', () => writeFile(`${file}.new`, GOOD).then(() => rename(`${file}.new`, file))],
  ]
  test.each(changes)('%s', async (_what, change) => {
    await writeFile(file, LONG)
    const checked = check()
    checked.catch(() => undefined)
    // The copy is begun only after the file was opened and looked at.
    while ((await readdir(stagedDir)).length === 0) await turn()
    await change()
    await expect(checked).rejects.toMatchObject({ code: 'file_changed', kind: 'temporary' })
    expect(await staging()).toEqual(['this one'])
  })

  test('is removed', async () => {
    await writeFile(file, LONG)
    const checked = check()
    checked.catch(() => undefined)
    while ((await readdir(stagedDir)).length === 0) await turn()
    await rm(file)
    await expect(checked).rejects.toMatchObject({ code: 'file_missing' })
    expect(await staging()).toEqual(['this one'])
  })

  test('is not refused for what was half written', async () => {
    await writeFile(file, `${LONG}u2,tw`)
    const checked = check()
    checked.catch(() => undefined)
    while ((await readdir(stagedDir)).length === 0) await turn()
    await appendFile(file, 'o\n')
    await expect(checked).rejects.toMatchObject({ code: 'file_changed' })
    expect(await staging()).toEqual(['this one'])
  })
})
