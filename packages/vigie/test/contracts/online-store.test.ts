import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { open as openLmdb } from 'lmdb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openOnlineStore } from '../../src/adapters/lmdb/online-store.ts'
import { type FeatureSpec, previousOf } from '../../src/domain/feature-spec.ts'
import type { OnlineRequest, OnlineRows, OnlineStore, OnlineWrite } from '../../src/ports/online-store.ts'
import { featureOf } from '../delivery.ts'

const adapters: readonly [string, (file: string) => OnlineStore][] = [['LMDB', openOnlineStore]]

const fee = featureOf('subscription', 'fee', 'float')
const net = featureOf('subscription', 'net', 'category', ['DSL', 'No'])
const hours = featureOf('usage', 'hours', 'float')

const DAY = 86_400_000_000
const JANUARY = Date.UTC(2024, 1, 1) * 1000 - 1
const FEBRUARY = Date.UTC(2024, 2, 1) * 1000 - 1
const NOW = Date.UTC(2024, 2, 10) * 1000

/** One row an entity: `{ a: [1, 2] }` has the features of `spec` in their order. */
function rowsOf(
  spec: FeatureSpec,
  rows: Readonly<Record<string, readonly number[]>>,
  eventTime: number,
  knownTime = eventTime + 1,
): OnlineRows {
  const keys = Object.keys(rows).sort()
  return {
    spec,
    keys,
    columns: spec.map((_, i) => Float64Array.from(keys, (key) => rows[key]![i]!)),
    label: null,
    eventTimes: new Float64Array(keys.length).fill(eventTime),
    knownTimes: new Float64Array(keys.length).fill(knownTime),
  }
}

const merge = (...versions: readonly string[]): OnlineWrite => ({ mode: 'merge', versions })
const replace = (...versions: readonly string[]): OnlineWrite => ({ mode: 'replace', versions })
const rebuild = (...versions: readonly string[]): OnlineWrite => ({ mode: 'rebuild', versions })
const asking = (features: FeatureSpec, maxAges: OnlineRequest['maxAges'] = {}): OnlineRequest => ({ features, maxAges })

describe.each(adapters)('online store: %s', (_name, open) => {
  let folder: string
  let file: string
  let store: OnlineStore

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vigie-online-'))
    file = join(folder, 'online.lmdb')
    store = open(file)
  })

  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })

  const valuesOf = (key: string, features: FeatureSpec) => store.read(key, asking(features), NOW).values
  const hoursOf = (key: string) => valuesOf(key, [hours])[0]

  test('values come back with their bits, in the order that is asked, with the time of their rows', async () => {
    await store.materialize(
      'subscription',
      rowsOf([fee, net], { a: [-0, 1], b: [5e-324, Number.NaN] }, JANUARY),
      merge('1'),
    )
    await store.materialize('usage', rowsOf([hours], { a: [0.1 + 0.2], b: [2 ** 53] }, FEBRUARY), merge('1'))
    expect(store.read('a', asking([net, hours, fee]), NOW)).toEqual({
      values: Float64Array.of(1, 0.1 + 0.2, -0),
      statuses: ['PRESENT', 'PRESENT', 'PRESENT'],
      eventTimes: Float64Array.of(JANUARY, FEBRUARY, JANUARY),
    })
    expect(store.read('b', asking([net, hours, fee]), NOW)).toEqual({
      values: Float64Array.of(Number.NaN, 2 ** 53, 5e-324),
      statuses: ['NULL_VALUE', 'PRESENT', 'PRESENT'],
      eventTimes: Float64Array.of(JANUARY, FEBRUARY, JANUARY),
    })
  })

  test('a view that lacks the entity says so, and every view before its first write', async () => {
    const request = asking([fee, hours])
    const nothing = { values: Float64Array.of(Number.NaN, Number.NaN), statuses: ['NOT_FOUND', 'NOT_FOUND'] }
    expect(store.read('a', request, NOW)).toMatchObject(nothing)
    expect(store.stamp()).toBe(0)
    await store.materialize('subscription', rowsOf([fee], { a: [1] }, JANUARY), merge('1'))
    expect(store.read('a', request, NOW)).toEqual({
      values: Float64Array.of(1, Number.NaN),
      statuses: ['PRESENT', 'NOT_FOUND'],
      eventTimes: Float64Array.of(JANUARY, Number.NaN),
    })
    await store.materialize('usage', rowsOf([hours], { b: [2] }, JANUARY), merge('1'))
    expect(store.read('a', request, NOW).statuses).toEqual(['PRESENT', 'NOT_FOUND'])
    expect(store.read('b', request, NOW).statuses).toEqual(['NOT_FOUND', 'PRESENT'])
  })

  test('a value counts until it is exactly as old as its view allows, by the clock of the reader', async () => {
    await store.materialize('usage', rowsOf([hours], { a: [1], b: [Number.NaN] }, JANUARY), merge('1'))
    await store.materialize('subscription', rowsOf([fee], { a: [1] }, JANUARY), merge('1'))
    const request = asking([hours, fee], { usage: 30 * DAY })
    expect(store.read('a', request, JANUARY + 30 * DAY)).toMatchObject({
      values: Float64Array.of(1, 1),
      statuses: ['PRESENT', 'PRESENT'],
    })
    expect(store.read('a', request, JANUARY + 30 * DAY + 1)).toEqual({
      values: Float64Array.of(Number.NaN, 1),
      statuses: ['OUTSIDE_MAX_AGE', 'PRESENT'],
      eventTimes: Float64Array.of(JANUARY, JANUARY),
    })
    expect(store.read('b', request, JANUARY + 31 * DAY).statuses[0]).toBe('OUTSIDE_MAX_AGE')
  })

  test('merged, an older row never overwrites a newer one, but fills in who is not there', async () => {
    const february = rowsOf([hours], { a: [2] }, FEBRUARY)
    expect(await store.materialize('usage', february, merge('2'))).toEqual({ changed: 1, outrun: false })
    const january = rowsOf([hours], { a: [1], b: [1] }, JANUARY, FEBRUARY + DAY)
    expect(await store.materialize('usage', january, merge('1'))).toEqual({ changed: 1, outrun: false })
    expect([hoursOf('a'), hoursOf('b')]).toEqual([2, 1])
    expect(store.count('usage')).toBe(2)

    const knownLater = rowsOf([hours], { a: [3] }, FEBRUARY, FEBRUARY + 2)
    expect(await store.materialize('usage', knownLater, merge('3'))).toEqual({ changed: 1, outrun: false })
    expect(await store.materialize('usage', february, merge('2'))).toEqual({ changed: 0, outrun: false })
    expect(hoursOf('a')).toBe(3)
  })

  test('each write is remembered with its versions and a stamp that grows; the same again changes nothing', async () => {
    await store.materialize('usage', rowsOf([hours], { a: [2] }, JANUARY), merge('january'))
    const first = store.stamp()
    const again = await store.materialize('usage', rowsOf([hours], { a: [2] }, JANUARY), merge('january'))
    expect(again).toEqual({ changed: 0, outrun: false })
    expect(store.stamp()).toBe(first)
    await store.materialize('usage', rowsOf([hours], { a: [3] }, FEBRUARY), merge('february', 'march'))
    expect(store.stamp()).toBeGreaterThan(first)
    const second = store.stamp()
    expect(store.view('usage', [hours])).toEqual({
      entities: 1,
      since: first,
      versions: new Map([
        ['february', second],
        ['january', first],
        ['march', second],
      ]),
    })
    expect(store.view('usage', [hours, previousOf(hours)])).toBeNull()
    expect(store.view('subscription', [fee])).toBeNull()
  })

  test('replaced, the view has these rows and no others, and its versions keep their stamps', async () => {
    await store.materialize('usage', rowsOf([hours], { a: [1], b: [1], c: [1] }, FEBRUARY), merge('1'))
    const first = store.stamp()
    const corrected = rowsOf([hours], { a: [9], b: [1], d: [4] }, JANUARY)
    expect(await store.materialize('usage', corrected, replace('1', '2'))).toEqual({ changed: 4, outrun: false })
    expect(['a', 'b', 'c', 'd'].map(hoursOf)).toEqual([9, 1, Number.NaN, 4])
    expect(store.count('usage')).toBe(3)
    expect(store.view('usage', [hours])).toEqual({
      entities: 3,
      since: first,
      versions: new Map([
        ['1', first],
        ['2', store.stamp()],
      ]),
    })
  })

  test('a replacement that another writer outran writes nothing', async () => {
    await store.materialize('usage', rowsOf([hours], { a: [1] }, JANUARY), merge('1'))
    await store.materialize('usage', rowsOf([hours], { a: [2] }, FEBRUARY), merge('2'))
    const late = rowsOf([hours], { a: [1] }, JANUARY)
    expect(await store.materialize('usage', late, replace('1'))).toEqual({ changed: 0, outrun: true })
    expect(hoursOf('a')).toBe(2)
  })

  test('a first delivery that comes after its correction does not bring back what that took away', async () => {
    await store.materialize('usage', rowsOf([hours], { a: [2] }, JANUARY), rebuild('first', 'corrected'))
    const first = rowsOf([hours], { a: [1], b: [1] }, JANUARY)
    expect(await store.materialize('usage', first, merge('first'))).toEqual({ changed: 0, outrun: false })
    expect(await store.materialize('usage', first, merge('first', 'february'))).toEqual({ changed: 0, outrun: true })
    expect(['a', 'b'].map(hoursOf)).toEqual([2, Number.NaN])
  })

  test('what is written online only yields to newer rows, outlives a replacement, and not a rebuild', async () => {
    await store.materialize('usage', rowsOf([hours], { a: [1], b: [1] }, JANUARY), merge('1'))
    await store.materialize('usage', rowsOf([hours], { a: [5], c: [5] }, FEBRUARY), merge())
    expect(['a', 'b', 'c'].map((key) => store.onlineOnly('usage', key))).toEqual([true, false, true])
    expect(store.view('usage', [hours])?.versions.size).toBe(1)

    await store.materialize('usage', rowsOf([hours], { a: [1], b: [2] }, JANUARY), replace('1', '2'))
    expect(['a', 'b', 'c'].map(hoursOf)).toEqual([5, 2, 5])
    await store.materialize('usage', rowsOf([hours], { c: [6] }, FEBRUARY + DAY), merge('3'))
    expect([hoursOf('c'), store.onlineOnly('usage', 'c')]).toEqual([6, false])

    await store.materialize('usage', rowsOf([hours], { a: [1], b: [2] }, JANUARY), rebuild('1', '2'))
    expect(['a', 'b', 'c'].map(hoursOf)).toEqual([1, 2, Number.NaN])
    expect(store.view('usage', [hours])).toMatchObject({ entities: 2, since: store.stamp() })
  })

  test('merges in any order, and a replacement, end in the newest row of each entity', async () => {
    const row = fc.record({ key: fc.constantFrom('a', 'b', 'c'), event: fc.nat(3), known: fc.nat(3) })
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(row, { selector: ({ key, event, known }) => `${key}${event}${known}` }),
        async (all) => {
          const view = `view_${round++}`
          const value = featureOf(view, 'value', 'int')
          const newest = new Map<string, (typeof all)[number]>()
          for (const [i, { key, event, known }] of all.entries()) {
            const before = newest.get(key)
            const wins = !before || event > before.event || (event === before.event && known > before.known)
            if (wins) newest.set(key, { key, event, known })
            await store.materialize(view, rowsOf([value], { [key]: [10 * event + known] }, event, known), merge(`${i}`))
          }
          const read = (key: string) => store.read(key, asking([value]), NOW)
          for (const key of ['a', 'b', 'c']) {
            const expected = newest.get(key)
            expect(read(key).values[0]).toBe(expected ? 10 * expected.event + expected.known : Number.NaN)
          }
          expect(store.count(view)).toBe(newest.size)
        },
      ),
      { numRuns: 30 },
    )
  })

  test.each([
    ['a feature that it was written without', [fee, hours], [fee]],
    ['categories in another order', [fee, { ...net, categories: ['No', 'DSL'] }], [fee, net]],
    ['another type', [{ ...fee, type: 'int' as const }], [fee]],
    ['a lag that it was written without', [fee, previousOf(fee)], [fee]],
  ])('a definition with %s is refused until the view is built anew', async (_what, now, then) => {
    const only = (spec: FeatureSpec) => spec.map((feature) => ({ ...feature, view: 'subscription' }))
    const values = (spec: FeatureSpec) => ({ a: spec.map((_, i) => i) })
    await store.materialize('subscription', rowsOf(only(then), values(then), JANUARY), merge('1'))
    const spec = only(now)
    const outdated = expect.objectContaining({ code: 'online_store_outdated' })
    expect(() => store.read('a', asking(spec), NOW)).toThrow(outdated)
    const rows = rowsOf(spec, values(now), JANUARY)
    await expect(store.materialize('subscription', rows, merge('1'))).rejects.toThrow(outdated)
    await store.materialize('subscription', rows, rebuild('1'))
    expect(valuesOf('a', spec)).toEqual(Float64Array.from(now, (_, i) => i))
  })

  test('a reader notices that a view was written anew under another definition', async () => {
    await store.materialize('subscription', rowsOf([fee, net], { a: [1, 0], b: [1, 0] }, JANUARY), merge('1'))
    const request = asking([net])
    expect(store.read('a', request, NOW).values).toEqual(Float64Array.of(0))
    await store.materialize('subscription', rowsOf([net, fee], { a: [1, 5] }, JANUARY), rebuild('1'))
    expect(store.read('a', request, NOW).values).toEqual(Float64Array.of(1))
    expect(store.read('b', request, NOW).statuses).toEqual(['NOT_FOUND'])
    expect(store.count('subscription')).toBe(1)
    await store.materialize('subscription', rowsOf([fee], { a: [5] }, JANUARY), rebuild('1'))
    expect(() => store.read('a', request, NOW)).toThrow(expect.objectContaining({ code: 'online_store_outdated' }))
  })

  test('what an older program wrote is refused, and written anew', async () => {
    await store.close()
    const old = openLmdb<Uint8Array, string>({ path: file, noSubdir: true, encoding: 'binary' })
    const slots = [{ feature: 'hours', type: 'float', categories: null }]
    await old.put('usage', Buffer.from(JSON.stringify({ id: 1, slots, entities: 1, written: [[19_753, 1]] })))
    await old.put('usage\0a', Buffer.from(Float64Array.of(1, 19_753, 1, 7).buffer))
    await old.close()
    store = open(file)
    expect(() => hoursOf('a')).toThrow(expect.objectContaining({ code: 'online_store_outdated' }))
    expect(store.view('usage', [hours])).toBeNull()
    await store.materialize('usage', rowsOf([hours], { b: [2] }, JANUARY), rebuild('1'))
    expect(['a', 'b'].map(hoursOf)).toEqual([Number.NaN, 2])
    expect(store.count('usage')).toBe(1)
  })

  test('whether null is legal does not change what is stored', async () => {
    await store.materialize('usage', rowsOf([hours], { a: [1] }, JANUARY), merge('1'))
    expect(valuesOf('a', [{ ...hours, optional: false }])).toEqual(Float64Array.of(1))
  })

  test('keys of any kind are told apart, listed, and no key reaches into another view', async () => {
    const keys = [
      '',
      '0',
      '00',
      ' ',
      'a',
      'a\0',
      'a\0b',
      'a\x01',
      'é',
      'e\u0301',
      '🙂',
      '\uffee',
      '\ud7ff',
      'k'.repeat(256),
    ]
    const long = 'k'.repeat(100)
    keys.push(`${long}\ufffd`, '🙂'.repeat(256), 'true', 'null', '__proto__', '1e3', '1000')
    const rows = Object.fromEntries(keys.map((key, i) => [key, [i]]))
    Object.defineProperty(rows, '__proto__', { value: [keys.indexOf('__proto__')], enumerable: true })
    await store.materialize('usage', rowsOf([hours], rows, JANUARY), merge('\0', '1'))
    expect(keys.map(hoursOf)).toEqual(keys.map((_, i) => i))
    expect(store.count('usage')).toBe(keys.length)
    for (const key of ['b', 'A', 'k'.repeat(255), 'k'.repeat(100_000), '🙂'.repeat(257), `${long}\ud83d`, 'usage\0a']) {
      expect(store.read(key, asking([hours]), NOW).statuses, key.slice(0, 20)).toEqual(['NOT_FOUND'])
    }
    const listed: string[] = []
    for (let page = store.keys('usage', 4); page.length > 0; page = store.keys('usage', 4, page.at(-1))) {
      expect(page.length).toBeLessThanOrEqual(4)
      listed.push(...page)
    }
    expect(listed.length).toBe(keys.length)
    expect(new Set(listed)).toEqual(new Set(keys))
  })

  test('a view of a thousand features fits', async () => {
    const wide = Array.from({ length: 1000 }, (_, i) => featureOf('usage', `feature_${i}`, 'float'))
    const rows = { a: wide.map((_, i) => i), b: wide.map((_, i) => -i) }
    await store.materialize('usage', rowsOf(wide, rows, JANUARY), merge('1'))
    const asked = [wide[999]!, wide[0]!, wide[500]!]
    expect(valuesOf('a', asked)).toEqual(Float64Array.of(999, 0, 500))
    expect(valuesOf('b', asked)).toEqual(Float64Array.of(-999, -0, -500))
  })

  test('rows of another view are refused and leave the store as it was', async () => {
    await store.materialize('usage', rowsOf([hours], { a: [1] }, JANUARY), merge('1'))
    await expect(
      store.materialize('usage', rowsOf([fee], { a: [7] }, FEBRUARY), rebuild('1', '2')),
    ).rejects.toMatchObject({ code: 'internal' })
    expect(hoursOf('a')).toBe(1)
  })

  test('the file is grown as needed and its content survives closing', async () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `user-${String(i).padStart(6, '0')}`)
    const wide = Array.from({ length: 20 }, (_, i) => featureOf('usage', `feature_${i}`, 'float'))
    const column = Float64Array.from(keys, (_, i) => i)
    const times = new Float64Array(keys.length).fill(JANUARY)
    const columns = wide.map(() => column)
    const rows = { spec: wide, keys, columns, label: null, eventTimes: times, knownTimes: times }
    await store.materialize('usage', rows, merge('1'))
    await store.close()
    store = open(file)
    expect(store.count('usage')).toBe(100_000)
    expect(valuesOf('user-099999', [wide[19]!])).toEqual(Float64Array.of(99_999))
  })

  test('reads of this process see each write whole while it happens, and its end once it is promised', async () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `u${i}`)
    const asked = [keys[0]!, keys[2500]!, keys[4999]!]
    for (let value = 1; value <= 5; value++) {
      const rows = rowsOf([hours], Object.fromEntries(keys.map((key) => [key, [value]])), JANUARY, JANUARY + value)
      let writing = true
      const written = store.materialize('usage', rows, merge(`${value}`)).finally(() => {
        writing = false
      })
      while (writing) {
        expect(new Set(asked.map(hoursOf)).size).toBe(1)
        await setImmediate()
      }
      expect(await written).toEqual({ changed: 5000, outrun: false })
      expect(hoursOf(keys[2500]!)).toBe(value)
    }
  })

  test('another process sees each write whole or not at all, without being told', async () => {
    const keys = Array.from({ length: 300 }, (_, i) => `u${i}`)
    const write = (value: number) => {
      const rows = Object.fromEntries(keys.map((key) => [key, [value]]))
      return store.materialize('usage', rowsOf([hours], rows, JANUARY, JANUARY + value), merge(`${value}`))
    }
    await write(0)
    const reader = spawn(
      process.execPath,
      [
        '--conditions=vigie-source',
        join(import.meta.dirname, 'online-reader.ts'),
        file,
        JSON.stringify(keys),
        JSON.stringify([hours]),
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    const lines = createInterface(reader.stdout)[Symbol.asyncIterator]()
    expect((await lines.next()).value).toBe('reading')
    for (let value = 1; value <= 100; value++) {
      await write(value)
      await setImmediate()
    }
    reader.stdin.write('stop')
    const { torn, states } = JSON.parse((await lines.next()).value as string) as { torn: number; states: string[] }
    await exit(reader)
    expect(torn).toBe(0)
    expect(states.length).toBeGreaterThan(5)
    expect(states.every((state) => Number.isInteger(JSON.parse(state)))).toBe(true)
  })

  test('a writer killed in the middle leaves the last whole write', async () => {
    await store.materialize('usage', rowsOf([hours], { a: [1] }, JANUARY), merge('1'))
    await store.close()
    const writer = spawn(
      process.execPath,
      [
        '--conditions=vigie-source',
        '--input-type=module',
        '--eval',
        `const { open } = await import('lmdb')
         const database = open({ path: ${JSON.stringify(file)}, noSubdir: true, encoding: 'binary' })
         database.transactionSync(() => {
           for (let i = 0; i < 10000; i++) database.putSync('usage\\0' + i, Buffer.alloc(32))
           database.putSync('usage', Buffer.from('{}'))
           process.kill(process.pid, 'SIGKILL')
         })`,
      ],
      { stdio: 'inherit' },
    )
    await exit(writer)
    store = open(file)
    expect(hoursOf('a')).toBe(1)
    expect(store.count('usage')).toBe(1)
    const february = rowsOf([hours], { a: [2] }, FEBRUARY)
    expect(await store.materialize('usage', february, merge('2'))).toEqual({ changed: 1, outrun: false })
  })
})

async function exit(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
