import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openOfflineStore } from '../../src/adapters/duckdb/offline-store.ts'
import { asOf } from '../../src/domain/as-of.ts'
import type { FeatureSpec } from '../../src/domain/feature-spec.ts'
import { seededRandom } from '../../src/domain/random.ts'
import type { OfflineStore } from '../../src/ports/offline-store.ts'
import type { TableFile } from '../../src/ports/snapshots.ts'
import { contractOf, featureOf, importRows, snapshotOf, viewOf, writeCsv } from '../delivery.ts'

const adapters: readonly [string, (folder: string) => Promise<OfflineStore>][] = [
  ['DuckDB over Parquet', (folder) => openOfflineStore({ folder })],
]

describe.each(adapters)('offline store: %s', (_name, openStore) => {
  let root: string
  let tables: string
  let store: OfflineStore

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'vigie-offline-'))
    // A folder name with everything that SQL, globs and shells find special.
    tables = join(root, "it's [a] *table? folder")
    store = await openStore(tables)
  })

  afterAll(async () => {
    await store.close()
    await rm(root, { recursive: true })
  })

  const read = (table: TableFile, features: FeatureSpec) => store.read(table, 'user_id', features)

  test('every float64 comes back with the bits that JavaScript reads from its text', async () => {
    const texts = [
      ...['0', '-0', '-0.0', '0.1', '1e-300', '5e-324', '4.9e-324', '2.2250738585072011e-308', '1e308', '-1e22'],
      ...['1.7976931348623157e308', '9007199254740993', '0.30000000000000004', '123456789012345678901234567890'],
      ...['2.47032822920623272e-324', '1.00000000000000011102230246251565', '9.5367431640625e-7', '1E5', '1e+5'],
    ]
    const bits = new DataView(new ArrayBuffer(8))
    const random = seededRandom(1)
    while (texts.length < 20_000) {
      bits.setUint32(0, random.uint32())
      bits.setUint32(4, random.uint32())
      const x = bits.getFloat64(0)
      if (Number.isFinite(x)) texts.push(random.below(2) ? String(x) : x.toExponential(random.below(21)))
    }
    const rows = texts.map((text, i) => [`u${String(i).padStart(6, '0')}`, text])
    const table = await importRows(
      store,
      root,
      contractOf('floats', [{ name: 'x', type: 'float', optional: false }]),
      rows,
    )
    const { columns } = await read(table, [featureOf('v', 'x', 'float')])
    const wrong = texts.filter((text, i) => !Object.is(columns[0]![i], Number(text)))
    expect(wrong).toEqual([])
  })

  test('every whole number up to 2^53 comes back exactly, and none beyond it is rounded', async () => {
    const contract = contractOf('ints', [{ name: 'n', type: 'int', optional: true }])
    const texts = ['0', '-1', '9007199254740992', '-9007199254740992', '9007199254740991', '']
    const random = seededRandom(2)
    while (texts.length < 5_000) texts.push(String(random.uint32() * 2 ** random.below(21) - 2 ** 52))
    const rows = texts.map((text, i) => [`u${String(i).padStart(6, '0')}`, text])
    const { columns } = await read(await importRows(store, root, contract, rows), [featureOf('v', 'n', 'int')])
    expect([...columns[0]!]).toEqual(texts.map((text) => (text === '' ? Number.NaN : Number(text))))

    for (const text of ['9007199254740993', '12345678901234567890', '3.7', '1e3', '05', '+5', ' 5', '1_000']) {
      await expect(importRows(store, root, contract, [['u', text]]), text).rejects.toMatchObject({ code: 'internal' })
    }
  })

  test.each([
    ['float', 'nan'],
    ['float', 'inf'],
    ['float', '1e999'],
    ['float', ''],
    ['boolean', 'true'],
    ['boolean', '1'],
    ['date', '2024-02-30'],
    ['date', '2024-2-3'],
    ['category', 'dsl'],
    ['category', '\0'],
    ['string', '\0'],
  ] as const)('a %s column refuses "%s" rather than bend it', async (type, text) => {
    const contract = contractOf('refused', [{ name: 'x', type, optional: false, categories: ['DSL'] }])
    const before = await readdir(tables)
    await expect(importRows(store, root, contract, [['u', text]])).rejects.toMatchObject({ code: 'internal' })
    expect(await readdir(tables)).toEqual(before)
  })

  test('booleans are 0 and 1, null is NaN, and a category is its position in the definition of today', async () => {
    const contract = contractOf('typed', [
      { name: 'flag', type: 'boolean', optional: true },
      { name: 'net', type: 'category', optional: true, categories: ['DSL', 'Fiber optic', 'No'] },
    ])
    const rows = [
      ['a', 'True', 'DSL'],
      ['b', 'False', 'No'],
      ['c', '', ''],
    ]
    const table = await importRows(store, root, contract, rows)
    const flag = featureOf('v', 'flag', 'boolean')
    const today = await read(table, [featureOf('v', 'net', 'category', ['No', 'DSL', 'Fiber optic']), flag])
    expect(today.columns.map((column) => [...column])).toEqual([
      [1, 0, Number.NaN],
      [1, 0, Number.NaN],
    ])
    await expect(read(table, [featureOf('v', 'net', 'category', ['DSL', 'Fiber optic'])])).rejects.toMatchObject({
      code: 'category_unknown',
      details: { column: 'net' },
    })
  })

  test('columns that the definition does not use are kept as text, and read as another type only with an error', async () => {
    const contract = contractOf('kept', [{ name: 'x', type: 'int', optional: false }])
    const header = ['total_paid', 'user_id', 'x']
    const file = await writeCsv(root, 'kept', header, [['1889.5', 'u', '1']])
    const table = await store.importCsv(file, header, contract, 1)
    expect((await read(table, [featureOf('v', 'x', 'float')])).columns[0]).toEqual(Float64Array.of(1))
    expect((await read(table, [featureOf('v', 'never_delivered', 'int')])).columns[0]).toEqual(
      Float64Array.of(Number.NaN),
    )
    await expect(read(table, [featureOf('v', 'total_paid', 'float')])).rejects.toMatchObject({
      code: 'column_type_changed',
      details: { column: 'total_paid', value: 'VARCHAR' },
    })
  })

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])(
    'fields keep quotes, commas, spaces and newlines exactly, with %s and without a final newline',
    async (_n, newline) => {
      const keys = [
        '#1',
        ' spaced ',
        'a"b',
        'a,b',
        'line\nfeed',
        'NULL',
        "'; drop table x; --",
        'caf\u00e9',
        'cafe\u0301',
        '🙂',
        '\uffee',
      ]
      const contract = contractOf('exact', [{ name: 'x', type: 'int', optional: false }])
      const rows = keys.map((key, i) => [key, String(i)])
      const file = await writeCsv(root, 'exact', ['user_id', 'x'], rows, newline)
      await writeFile(file, (await readFile(file, 'utf8')).slice(0, -newline.length))
      const table = await store.importCsv(file, ['user_id', 'x'], contract, rows.length)
      const frame = await read(table, [featureOf('v', 'x', 'int')])
      expect(frame.keys).toEqual([...keys].sort())
      expect([...frame.columns[0]!]).toEqual(frame.keys.map((key) => keys.indexOf(key)))
    },
  )

  test('columns are found by name when the file has them in another order', async () => {
    const contract = contractOf('order', [
      { name: 'a', type: 'int', optional: false },
      { name: 'b', type: 'int', optional: false },
    ])
    const header = ['b', 'user_id', 'a']
    const file = await writeCsv(root, 'order', header, [['2', 'u', '1']])
    const frame = await read(await store.importCsv(file, header, contract, 1), [
      featureOf('v', 'a', 'int'),
      featureOf('v', 'b', 'int'),
    ])
    expect(frame.columns.map((column) => column[0])).toEqual([1, 2])
  })

  test('a file with other rows than the check counted stores nothing', async () => {
    const contract = contractOf('counted', [{ name: 'x', type: 'int', optional: false }])
    const file = await writeCsv(root, 'counted', ['user_id', 'x'], [['only', '77']])
    const before = await readdir(tables)
    await expect(store.importCsv(file, ['user_id', 'x'], contract, 2)).rejects.toMatchObject({ code: 'internal' })
    expect(await readdir(tables)).toEqual(before)
  })

  test('a row of a thousand columns with a long field in it fits', async () => {
    const columns = Array.from({ length: 999 }, (_, i) => ({ name: `c${i}`, type: 'string' as const, optional: false }))
    const contract = contractOf('wide', columns)
    const row = ['u', ...columns.map((_, i) => (i < 40 ? '"'.repeat(65_536) : 'x'))]
    expect(await importRows(store, root, contract, [row])).toMatchObject({ rows: 1 })
  })

  test('equal rows are equal bytes, whatever their order and the number of threads', async () => {
    const contract = contractOf('bytes', [
      { name: 'x', type: 'float', optional: false },
      { name: 'c', type: 'category', optional: false, categories: ['a', 'b'] },
    ])
    const random = seededRandom(3)
    const rows = Array.from({ length: 150_000 }, (_, i) => [
      `u${i}`,
      String(random.unit()),
      random.below(2) ? 'a' : 'b',
    ])
    const table = await importRows(store, root, contract, rows)
    const single = await openOfflineStore({ folder: join(root, 'single'), threads: 1 })
    const many = await openOfflineStore({ folder: join(root, 'many'), threads: 4 })
    expect(await importRows(single, root, contract, [...rows].reverse())).toEqual(table)
    expect(await importRows(many, root, contract, rows)).toEqual(table)
    await single.close()
    await many.close()
    const file = await readFile(join(tables, `${table.sha256}.parquet`))
    expect(createHash('sha256').update(file).digest('hex')).toBe(table.sha256)
    expect(file.length).toBe(table.bytes)
  })

  describe('keys', () => {
    const contract = contractOf('keyed', [{ name: 'x', type: 'int', optional: false }])
    const importKeys = (...keys: string[]) =>
      importRows(
        store,
        root,
        contract,
        keys.map((key, i) => [key, String(i)]),
      )

    test('a key that stands twice is named with the number of its rows', async () => {
      const table = await importKeys('b', 'a', 'c', 'b', 'b')
      await expect(store.checkKeys(table, 'keyed', 'user_id', null)).rejects.toMatchObject({
        code: 'duplicate_key',
        message: '"b" stands in 3 rows of keyed.csv',
        details: { value: 'b', column: 'user_id', file: 'keyed.csv' },
      })
    })

    test.each([
      ['a composed and a decomposed letter', 'caf\u00e9', 'cafe\u0301'],
      ['a Kelvin sign and the letter K', 'K', '\u212a'],
    ])('%s are the same key', async (_what, one, other) => {
      const table = await importKeys('a', one, other)
      await expect(store.checkKeys(table, 'keyed', 'user_id', null)).rejects.toMatchObject({
        code: 'duplicate_after_normalisation',
      })
    })

    test('keys that are not listed are named and counted', async () => {
      const listed = await importKeys('a', 'b')
      const table = await importKeys('a', 'x1', 'x2', 'x3', 'x4')
      await expect(store.checkKeys(table, 'keyed', 'user_id', listed)).rejects.toMatchObject({
        code: 'entity_unknown',
        details: { value: 'x1, x2, x3', unknownKeys: 4 },
      })
      await expect(store.checkKeys(listed, 'keyed', 'user_id', listed)).resolves.toBeUndefined()
    })
  })

  describe('files', () => {
    const contract = contractOf('damaged', [{ name: 'x', type: 'float', optional: false }])
    const spec = [featureOf('v', 'x', 'float')]
    let unique = 0
    const importNew = () => importRows(store, root, contract, [['u', String(unique++ + 0.125)]])
    const fileOf = (table: TableFile) => join(tables, `${table.sha256}.parquet`)

    test('a flipped bit anywhere is refused before a value is read', async () => {
      const table = await importNew()
      const bytes = await readFile(fileOf(table))
      for (let at = 0; at < bytes.length; at += 37) {
        const flipped = Buffer.from(bytes)
        flipped[at]! ^= 1 << (at % 8)
        await writeFile(fileOf(table), flipped)
        const fresh = await openStore(tables)
        await expect(fresh.read(table, 'user_id', spec)).rejects.toMatchObject({ code: 'table_corrupt' })
        await expect(fresh.checkKeys(table, 'damaged', 'user_id', null)).rejects.toMatchObject({
          code: 'table_corrupt',
        })
        await fresh.close()
      }
    })

    test('a table that was cut or removed is refused, and read again once it is restored', async () => {
      const table = await importNew()
      const bytes = await readFile(fileOf(table))
      const fresh = await openStore(tables)
      const readFresh = () => fresh.read(table, 'user_id', spec)
      await writeFile(fileOf(table), bytes.subarray(0, bytes.length - 1))
      await expect(readFresh()).rejects.toMatchObject({ code: 'table_corrupt' })
      await rm(fileOf(table))
      await expect(readFresh()).rejects.toMatchObject({ code: 'table_corrupt' })
      await writeFile(fileOf(table), bytes)
      await expect(readFresh()).resolves.toMatchObject({ keys: ['u'] })
      await fresh.close()
    })

    test('a catalogue that counts other rows than the file has is refused', async () => {
      const table = await importNew()
      await expect(read({ ...table, rows: 2 }, spec)).rejects.toMatchObject({ code: 'table_corrupt' })
    })

    test('importing again heals a damaged file', async () => {
      const rows = [['u', '0.0625']]
      const table = await importRows(store, root, contract, rows)
      await writeFile(fileOf(table), 'damaged')
      expect(await importRows(store, root, contract, rows)).toEqual(table)
      const fresh = await openStore(tables)
      await expect(fresh.read(table, 'user_id', spec)).resolves.toMatchObject({ keys: ['u'] })
      await fresh.close()
    })

    test('what a refused delivery brought is discarded, what was there before or is shared stays', async () => {
      const rows = [['u', '0.5']]
      const other = await openStore(tables)
      const first = await importRows(store, root, contract, rows)
      await importRows(other, root, contract, rows)
      const mine = await importNew()
      const before = new Set(await readdir(tables))

      await other.discard([first])
      await store.discard([first, mine])
      const after = await readdir(tables)
      expect(after).toContain(`${first.sha256}.parquet`)
      expect(after).not.toContain(`${mine.sha256}.parquet`)
      expect(before.size - after.length).toBe(1)
      await other.close()
    })

    test('what several deliveries brought goes only when the last of them is refused', async () => {
      // Again and again: a file system gives a new file the number of one that was just removed, but not always.
      for (let round = 0; round < 10; round++) {
        const rows = [[`round ${round}`, '0.5']]
        const table = await importRows(store, root, contract, rows)
        for (let more = 0; more < 2; more++) await importRows(store, root, contract, rows)
        const isThere = async () => (await readdir(tables)).includes(`${table.sha256}.parquet`)
        const seen: boolean[] = []
        for (let refused = 0; refused < 3; refused++) {
          await store.discard([table])
          seen.push(await isThere())
        }
        expect(seen).toEqual([true, true, false])
      }
    })

    test('what another store brought too stays, however often this one brings and discards it', async () => {
      const rows = [['shared', '0.5']]
      const other = await openStore(tables)
      const table = await importRows(store, root, contract, rows)
      await importRows(other, root, contract, rows)
      await importRows(store, root, contract, rows)
      for (let refused = 0; refused < 3; refused++) await store.discard([table])
      expect((await read(table, [])).keys).toEqual(['shared'])
      await other.close()
    })

    test('what a snapshot has outlives any number of refused deliveries of the same rows', async () => {
      const rows = [['kept', '0.5']]
      const table = await importRows(store, root, contract, rows)
      const file = await writeCsv(root, 'shared', ['user_id', 'x'], rows)
      for (let round = 0; round < 10; round++) {
        await Promise.all([1, 2].map(() => store.importCsv(file, ['user_id', 'x'], contract, 1)))
        await Promise.all([1, 2].map(() => store.discard([table])))
      }
      expect((await read(table, [])).keys).toEqual(['kept'])
    })
  })

  describe('events', () => {
    const time = (name: string) => ({ name, type: 'timestamp', optional: false }) as const
    const columns = [time('at'), time('made'), { name: 'x', type: 'float', optional: false }] as const
    const contract = { ...contractOf('events', columns), eventTime: 'at', createdTime: 'made' }
    const view = viewOf('v', 'events', { eventTime: 'at', createdTime: 'made' })
    const features = [featureOf('v', 'x', 'float')]
    const rows = [
      ['b', '2024-01-03T00:00:00Z', '2024-01-03T00:00:00Z', '1'],
      ['a', '2024-01-02T00:00:00.000001Z', '2024-01-03T00:00:00Z', '2'],
      ['a', '2024-01-01T01:00:00+01:00', '2024-01-02T00:00:00Z', '3'],
      ['a', '2024-01-01T00:00:00Z', '2024-01-03T00:00:00Z', '4'],
    ]

    test('a table of events knows its first and last time, and is the same bytes whatever the order of its rows', async () => {
      const table = await importRows(store, root, contract, rows)
      const day = (text: string) => Date.parse(text) * 1000
      expect(table.eventRange).toEqual([day('2024-01-01T00:00:00Z'), day('2024-01-03T00:00:00Z')])
      expect(await importRows(store, root, contract, rows.toReversed())).toEqual(table)
      expect((await importRows(store, root, contract, [])).eventRange).toBeUndefined()
      await expect(store.checkKeys(table, 'events', 'user_id', null, contract)).resolves.toBeUndefined()
      await expect(store.checkKeys(table, 'events', 'user_id', null)).rejects.toMatchObject({ code: 'duplicate_key' })
    })

    test('the same key with the same times, or in two spellings, is refused', async () => {
      const twice = await importRows(store, root, contract, [...rows, rows[3]!])
      await expect(store.checkKeys(twice, 'events', 'user_id', null, contract)).rejects.toMatchObject({
        code: 'duplicate_key',
        details: { value: 'a', rule: 'user_id, at, made together are unique in events.csv' },
      })
      const spelt = ['caf\u00e9', 'cafe\u0301'].map((key, i) => [key, ...rows[i]!.slice(1)])
      const table = await importRows(store, root, contract, spelt)
      await expect(store.checkKeys(table, 'events', 'user_id', null, contract)).rejects.toMatchObject({
        code: 'duplicate_after_normalisation',
      })
    })

    test('a table that was ingested before its view had times is refused, not misread', async () => {
      const table = await importRows(store, root, contractOf('events', columns.slice(2)), [['a', '1']])
      const request = { features, snapshots: [snapshotOf(asOf('2024-01-31'), { events: table })] }
      const spine = { kind: 'rows', keys: ['a'], at: [asOf('2024-01-31')] } as const
      await expect(store.pointInTimeJoin({ ...request, spine, views: [view] })).rejects.toMatchObject({
        code: 'column_missing',
        details: { column: 'at' },
      })
      await expect(store.newest({ ...request, view, at: 2e15 })).rejects.toMatchObject({ code: 'column_missing' })
    })

    test('columns may be called like the positions of rows', async () => {
      const named = ['file_row_number', 'row', 'tab', 'n', 'key', 'time'].map((name) => {
        return { name, type: 'float', optional: false } as const
      })
      const odd = { ...contractOf('events', [time('moment'), ...named]), eventTime: 'moment' }
      const table = await importRows(store, root, odd, [
        ['a', '2024-01-01T00:00:00Z', ...named.map((_, i) => String(i))],
      ])
      const request = {
        features: named.map(({ name }) => featureOf('v', name, 'float')),
        snapshots: [snapshotOf(asOf('2024-01-31'), { events: table })],
      }
      const oddView = { ...view, eventTime: 'moment', createdTime: null }
      const spine = { kind: 'rows', keys: ['a'], at: [asOf('2024-01-31')] } as const
      const joined = await store.pointInTimeJoin({ ...request, spine, views: [oddView] })
      expect(joined.columns.map(([value]) => value)).toEqual(named.map((_, i) => i))
      const newest = await store.newest({ ...request, view: oddView, at: 2e15 })
      expect(newest.columns.map(([value]) => value)).toEqual(named.map((_, i) => i))
    })

    test('few rows among many events of other keys find theirs, also in the second table that is searched', async () => {
      const instant = (month: number, i: number) => new Date(Date.UTC(2024, month, 1, 0, i)).toISOString()
      const month = (number: number, keys: number) =>
        importRows(
          store,
          root,
          contract,
          Array.from({ length: 2000 }, (_, i) => {
            const at = instant(number, i)
            return [`k${i % keys}`, at, at, String(number * 10_000 + i)]
          }),
        )
      const tables = [await month(0, 100), await month(1, 50)]
      const snapshots = tables.map((table, i) => snapshotOf(asOf(i ? '2024-02-29' : '2024-01-31'), { events: table }))
      const spine = {
        kind: 'rows',
        keys: ['k7', 'k77', 'k7'],
        at: ['2024-03-01', '2024-03-01', '2024-01-31'].map(asOf),
      } as const
      const joined = await store.pointInTimeJoin({ spine, features, views: [view], snapshots })
      expect([...joined.columns[0]!]).toEqual([11_957, 1977, 1907])
      expect(joined.eventTimes.get('v')![1]).toBe(Date.parse(instant(0, 1977)) * 1000)
    })

    test('an instant that is not a whole microsecond is a fault of the caller', async () => {
      const spine = { kind: 'rows', keys: ['a'], at: Float64Array.of(Number.NaN) } as const
      await expect(store.pointInTimeJoin({ spine, features: [], views: [], snapshots: [] })).rejects.toMatchObject({
        code: 'internal',
      })
    })
  })

  test('a spine of a table brings the labels along, sorted by key', async () => {
    const labels = contractOf('labels', [{ name: 'churn', type: 'boolean', optional: false }])
    const table = await importRows(store, root, labels, [
      ['\uffee', 'True'],
      ['b', 'False'],
      ['🙂', 'True'],
      ['a', 'True'],
    ])
    const spine = {
      kind: 'table',
      table,
      key: 'user_id',
      at: asOf('2024-01-31'),
      label: { column: 'churn', type: 'boolean' },
    } as const
    const none = { features: [], views: [], snapshots: [] }
    const frame = await store.pointInTimeJoin({ spine, ...none })
    expect(frame.keys).toEqual(['a', 'b', '🙂', '\uffee'])
    expect(frame.label).toEqual(Float64Array.of(1, 0, 1, 1))
    await expect(
      store.pointInTimeJoin({ spine: { ...spine, label: { column: 'left', type: 'boolean' } }, ...none }),
    ).rejects.toMatchObject({
      code: 'column_missing',
    })
  })

  test('a store is opened in a folder that is not there yet', async () => {
    const folder = join(root, 'new', 'deep')
    const fresh = await openStore(folder)
    await mkdir(folder, { recursive: true })
    await fresh.close()
    expect(await readdir(folder)).toEqual([])
  })
})
