import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadDuckDb } from '../../src/adapters/duckdb/database.ts'
import { columnPair } from '../../src/domain/drift/column-pair.ts'
import { driftTests, type TestName } from '../../src/domain/drift/drift-tests.ts'
import { vigie } from '../program.ts'
import { goldenPair } from '../reference/golden-pair.ts'
import { HOSTILE_NAMES } from '../report/reports.ts'
import { sharedPath } from '../shared.ts'

const TOLERANCE = 1e-9
const folder = mkdtempSync(path.join(tmpdir(), 'vigie-drift-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (...args: readonly string[]) => vigie(['drift', ...args], { cwd: folder }).ended
const json = async (...args: readonly string[]) => {
  const { status, stdout, stderr } = await run(...args, '--json')
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.anything() })
  return JSON.parse(stdout)
}
const refused = async (...args: readonly string[]) => {
  const { status, stdout } = await run(...args, '--json')
  return { status, ...JSON.parse(stdout).error }
}
const write = (name: string, text: string | Uint8Array) => writeFileSync(path.join(folder, name), text)
const rows = (n: number, row: (i: number) => string) => Array.from({ length: n }, (_, i) => `${row(i)}\n`).join('')

const fixture = (name: string) => path.join(import.meta.dirname, '../fixtures/drift', name)
const pairs: readonly (readonly [string, string | null])[] = [
  ['synthetic_small', fixture('synthetic_small')],
  ['synthetic_large, 24 columns', fixture('synthetic_large')],
  ...['streamflow', 'breast_cancer', 'diabetes_1000', 'synthetic_small', 'synthetic_large'].map(
    (name) => [`${name}, whole`, sharedPath('golden', 'drift', name)] as const,
  ),
]

describe.each(pairs)('vigie drift of %s', { timeout: 120_000 }, (title, pair) => {
  test.skipIf(!pair)('gives what Evidently gives, for every column and every test', async () => {
    const { reference, current, expected } = goldenPair(pair!)
    const schema = `${title.replaceAll(/\W/g, '_')}.json`
    const types = Object.fromEntries(Object.entries(expected).map(([name, { type }]) => [name, type]))
    write(schema, JSON.stringify({ columns: types }))
    const [ref, cur] = ['ref', 'cur'].map((side) => {
      const plain = path.join(pair!, `${side}.csv`)
      return existsSync(plain) ? plain : `${plain}.gz`
    })
    const found = await json(ref!, cur!, '--schema', schema, '--tests', 'all')
    expect(Object.keys(found.columns).sort()).toEqual(Object.keys(expected).sort())
    const drifted = Object.values(expected).filter((column) => column.default?.drifted).length
    const judged = Object.values(expected).filter((column) => column.default).length
    expect(found.report).toEqual({ count: drifted, share: drifted / judged, drifted: drifted / judged >= 0.5 })
    for (const [name, golden] of Object.entries(expected)) {
      const column = found.columns[name]
      if (!golden.default) {
        expect(column.error.code, name).toBe('column_without_values')
        expect(found.notTestable).toContainEqual(expect.objectContaining({ name, code: 'column_without_values' }))
        continue
      }
      expect(column, name).toMatchObject({ type: golden.type, defaultTest: golden.default_test })
      expect(column).not.toHaveProperty('error')
      const verdict = column.tests[golden.default_test!]
      expect(verdict, name).toMatchObject({ drifted: golden.default.drifted, threshold: golden.default.threshold })
      expect(Math.abs(verdict.score - golden.default.score), name).toBeLessThan(TOLERANCE)
      for (const [testName, want] of Object.entries(golden.tests ?? {})) {
        const got = column.tests[testName]
        const where = `${name}, ${testName}`
        if (want.error !== undefined) expect(got.error.code, where).toBe('column_not_testable')
        if (want.score === undefined) continue
        // The permutations are others, and numpy's pseudo-inverse divides by its own rounding: see the reference tests.
        if (testName === 'TVD' || testName === 'empirical_mmd') continue
        if (testName === 'es' && twoValues(name)) continue
        if (Number.isNaN(Number(want.score))) {
          expect(got, where).toMatchObject({ score: null, drifted: null, reason: expect.any(String) })
          continue
        }
        const gap = Math.abs(got.score - Number(want.score)) / Math.max(1, Number(want.score))
        expect(gap, where).toBeLessThan(TOLERANCE)
        expect(got.drifted, where).toBe(want.drifted)
      }
    }

    function twoValues(name: string): boolean {
      const i = reference.spec.findIndex((column) => column.name === name)
      return columnPair('num', reference.columns[i]!, current.columns[i]!).counts.values.length === 2
    }
  })
})

describe('vigie drift', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    const line = (shift: number) => (i: number) =>
      [
        i,
        (i % 17) * 1.5 + shift,
        i % 3,
        i % 2 === 0 ? 'True' : 'False',
        i % 5 === 0 ? '' : `p${i % 4}`,
        `text ${i}`,
      ].join()
    const header = 'id,x,few,flag,plan,note\n'
    write('ref.csv', header + rows(300, line(0)))
    write('cur.csv', header + rows(200, line(9)))
    write('cur.csv.gz', gzipSync(readFileSync(path.join(folder, 'cur.csv'))))
    const { DuckDBInstance } = await loadDuckDb()
    const database = await DuckDBInstance.create(':memory:')
    const connection = await database.connect()
    for (const side of ['ref', 'cur']) {
      const select = `select * from read_csv('${folder}/${side}.csv')`
      await connection.run(`copy (${select}) to '${folder}/${side}.parquet' (format parquet)`)
    }
    connection.closeSync()
    database.closeSync()
  })

  test('infers the types as Evidently does and judges by the default test alone', async () => {
    const { mode, columns, report, notTestable } = await json('ref.csv', 'cur.csv')
    expect(mode).toBe('parity')
    const types = Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, (column as { type: string }).type]),
    )
    expect(types).toEqual({ id: 'num', x: 'num', few: 'cat', flag: 'cat', plan: 'cat', note: 'text' })
    expect(columns.x).toEqual({
      type: 'num',
      defaultTest: 'ks',
      tests: { ks: { score: expect.any(Number), drifted: true, threshold: 0.05 } },
    })
    expect(columns.note).toMatchObject({ defaultTest: null, tests: {}, error: { code: 'column_not_testable' } })
    expect(notTestable).toEqual([{ name: 'note', code: 'column_not_testable', why: expect.stringContaining('text') }])
    expect(report).toEqual({ count: 2, share: 2 / 5, drifted: false })
  })

  test('reads CSV, gzip and Parquet alike, also beside each other', async () => {
    const [csv, ...others] = await Promise.all([
      json('ref.csv', 'cur.csv', '--tests', 'all'),
      json('ref.parquet', 'cur.parquet', '--tests', 'all'),
      json('ref.parquet', 'cur.csv.gz', '--tests', 'all'),
    ])
    for (const other of others) expect(other.columns).toEqual(csv.columns)
  })

  test('adds the tests that are named, each to the columns it is made for', async () => {
    const { columns } = await json('ref.csv', 'cur.csv', '--tests', 'psi,wasserstein')
    expect(Object.keys(columns.x.tests)).toEqual(['ks', 'psi', 'wasserstein'])
    expect(Object.keys(columns.plan.tests)).toEqual(['chisquare', 'psi'])
    const all = await json('ref.csv', 'cur.csv', '--tests', 'all')
    const ofNumbers = Object.keys(driftTests).filter((name) =>
      (driftTests[name as TestName].kinds as readonly string[]).includes('num'),
    )
    expect(Object.keys(all.columns.x.tests).sort()).toEqual(ofNumbers.sort())
  })

  test('compares only what the schema names', async () => {
    write('schema.json', '{"columns":{"note":"cat","few":"num"}}')
    const { columns, ignored } = await json('ref.csv', 'cur.csv', '--schema', 'schema.json')
    expect(columns).toMatchObject({ note: { type: 'cat' }, few: { type: 'num' } })
    expect(ignored).toEqual(['id', 'x', 'flag', 'plan'])
  })

  test('lists a column of one file, and one of numbers that holds texts, and counts neither as not drifted', async () => {
    write('one.csv', `x,gone\n${rows(50, (i) => `${i},1`)}`)
    write('other.csv', `x,come\n${rows(50, (i) => (i === 7 ? 'abc,2' : `${i},2`))}`)
    write('numbers.json', '{"columns":{"x":"num","gone":"num","come":"cat"}}')
    const { columns, notTestable, report } = await json('one.csv', 'other.csv', '--schema', 'numbers.json')
    expect(notTestable.map(({ name, code }: { name: string; code: string }) => [name, code])).toEqual([
      ['x', 'not_a_number'],
      ['come', 'column_missing'],
      ['gone', 'column_missing'],
    ])
    expect(columns.x.error.message).toContain('abc')
    expect(report).toEqual({ count: 0, share: null, drifted: null })
    const { status, stdout } = await run('one.csv', 'other.csv', '--schema', 'numbers.json', '--fail-on-drift')
    expect({ status, stdout }).toEqual({ status: 3, stdout: expect.stringContaining('No column could be judged') })
  })

  test('keeps names of any kind as they are, and a page in which none of them is markup', async () => {
    // A file that holds NUL is refused before it is read.
    const hostile = HOSTILE_NAMES.map((name) => name.replace('\0', ''))
    const names = [...new Set(['__proto__', 'constructor', ...hostile])]
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
    const header = `${names.map(quoted).join()}\n`
    const text =
      header + rows(60, (i) => names.map((name) => quoted(i % 2 === 0 ? name : '<script>alert(1)</script>')).join())
    write('hostile.csv', text)
    const { columns } = await json('hostile.csv', 'hostile.csv', '--html', 'hostile.html')
    expect(Object.keys(columns).sort()).toEqual(names.sort())
    expect(Object.hasOwn(columns, '__proto__')).toBe(true)
    const html = readFileSync(path.join(folder, 'hostile.html'), 'utf8')
    expect(html).not.toMatch(/<script|<img|javascript:\w/i)
    expect(html).not.toContain('\u202e')
    const { stdout } = await run('hostile.csv', 'hostile.csv')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may come through
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })

  test('prints what drifted first, within 80 columns, and writes a page', async () => {
    const { status, stdout } = await run('ref.csv', 'cur.csv', '--tests', 'all', '--html', 'drift.html')
    expect(status).toBe(0)
    const lines = stdout.split('\n')
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    const marks = lines.filter((line) => /^[▲●] \w+ /.test(line)).map((line) => line[0])
    expect(marks.slice(0, 5)).toEqual(['▲', '▲', '●', '●', '●'])
    expect(stdout).toContain('note: texts are not compared')
    expect(stdout).toContain('2 of 5 columns drifted. Share 0.4000')
    const html = readFileSync(path.join(folder, 'drift.html'), 'utf8')
    expect(html).toContain('2 of 5 columns drifted')
    expect(html).not.toMatch(/NaN|undefined|Infinity|<script/)
    expect(await refused('ref.csv', 'cur.csv', '--html', 'drift.html')).toMatchObject({
      status: 2,
      code: 'file_exists',
    })
  })

  test('ends with 3 for drift only when asked', async () => {
    expect((await run('ref.csv', 'cur.csv', '--fail-on-drift')).status).toBe(3)
    expect((await run('ref.csv', 'ref.csv', '--fail-on-drift')).status).toBe(0)
  })

  test.each([
    ['a missing file', '', ['nowhere.csv'], 3, 'file_missing'],
    ['an empty file', '', ['bad.csv'], 3, 'empty_file'],
    ['a header alone', 'x,y\n', ['bad.csv'], 3, 'no_rows'],
    ['no common column', 'y\n1\n', ['bad.csv'], 3, 'column_missing'],
    ['a ragged row', 'x,y\n1,2\n3\n', ['bad.csv'], 3, 'ragged_row'],
    ['a column twice', 'x,x\n1,2\n', ['bad.csv'], 3, 'duplicate_column'],
    ['a mode that is none', '', ['cur.csv', '--mode', 'calibrated'], 2, 'wrong_use'],
    ['a test that is none', '', ['cur.csv', '--tests', 'ks,toString'], 2, 'wrong_use'],
    ['a schema that is none', '{"columns":{"x":"number"}}', ['cur.csv', '--schema', 'bad.csv'], 2, 'wrong_use'],
    ['a schema that is not there', '', ['cur.csv', '--schema', 'nowhere.json'], 2, 'wrong_use'],
    ['a schema of another file', '{"columns":{"q":"num"}}', ['cur.csv', '--schema', 'bad.csv'], 3, 'column_missing'],
    ['text called Parquet', 'x\n1\n', ['bad.parquet'], 3, 'parquet_corrupt'],
  ] as const)('refuses %s', async (_what, text, args, status, code) => {
    write('bad.csv', text)
    write('bad.parquet', text)
    expect(await refused('ref.csv', ...args)).toMatchObject({ status, code })
  })
})
