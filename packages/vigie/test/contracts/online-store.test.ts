import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openOnlineStore } from '../../src/adapters/lmdb/online-store.ts'
import { asOf } from '../../src/domain/as-of.ts'
import type { FeatureSpec } from '../../src/domain/feature-spec.ts'
import type { Frame } from '../../src/domain/frame.ts'
import type { OnlineStore } from '../../src/ports/online-store.ts'
import { featureOf } from '../delivery.ts'

const adapters: readonly [string, (file: string) => OnlineStore][] = [['LMDB', openOnlineStore]]

const fee = featureOf('subscription', 'fee', 'float')
const net = featureOf('subscription', 'net', 'category', ['DSL', 'No'])
const hours = featureOf('usage', 'hours', 'float')

const january = { asOf: asOf('2024-01-31'), knownAt: '2024-02-01T00:00:00.000000Z' }
const february = { asOf: asOf('2024-02-29'), knownAt: '2024-03-01T00:00:00.000000Z' }
const correctedJanuary = { asOf: asOf('2024-01-31'), knownAt: '2024-03-10T09:30:00.000001Z' }

/** One row an entity: `{ a: [1, 2] }` has the features of `spec` in their order. */
function frame(spec: FeatureSpec, rows: Readonly<Record<string, readonly number[]>>): Frame {
  const keys = Object.keys(rows).sort()
  return { spec, keys, columns: spec.map((_, i) => Float64Array.from(keys, (key) => rows[key]![i]!)), label: null }
}

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

  test('values come back with their bits, in the order of the spec that asks, with the oldest date', async () => {
    await store.materialize('subscription', frame([fee, net], { a: [-0, 1], b: [5e-324, Number.NaN] }), january)
    await store.materialize('usage', frame([hours], { a: [0.1 + 0.2], b: [2 ** 53] }), february)
    const spec = [net, hours, fee]
    expect(store.read('a', spec)).toEqual({ values: Float64Array.of(1, 0.1 + 0.2, -0), asOf: '2024-01-31' })
    expect(store.read('b', spec)).toEqual({ values: Float64Array.of(Number.NaN, 2 ** 53, 5e-324), asOf: '2024-01-31' })
    expect(store.read('b', [hours])).toEqual({ values: Float64Array.of(2 ** 53), asOf: '2024-02-29' })
  })

  test('an entity that any view lacks reads as null, and so does every key before the first write', async () => {
    expect(store.read('a', [fee])).toBeNull()
    await store.materialize('subscription', frame([fee], { a: [1] }), january)
    expect(store.read('a', [fee, hours])).toBeNull()
    await store.materialize('usage', frame([hours], { b: [1] }), january)
    expect(store.read('a', [fee, hours])).toBeNull()
    expect(store.read('a', [fee])?.values).toEqual(Float64Array.of(1))
  })

  test('an older month never overwrites a newer one, but fills in who is not in it', async () => {
    expect(await store.materialize('usage', frame([hours], { a: [2] }), february)).toBe(1)
    expect(await store.materialize('usage', frame([hours], { a: [1], b: [1] }), january)).toBe(1)
    expect(store.read('a', [hours])).toEqual({ values: Float64Array.of(2), asOf: '2024-02-29' })
    expect(store.read('b', [hours])).toEqual({ values: Float64Array.of(1), asOf: '2024-01-31' })
    expect(store.count('usage')).toBe(2)
  })

  test('the same month again changes nothing', async () => {
    await store.materialize('usage', frame([hours], { a: [2] }), february)
    expect(await store.materialize('usage', frame([hours], { a: [2] }), february)).toBe(0)
    expect(store.count('usage')).toBe(1)
  })

  test('a correction replaces its month, and withdraws who it leaves out', async () => {
    await store.materialize('usage', frame([hours], { a: [1], b: [1], c: [1] }), january)
    await store.materialize('usage', frame([hours], { a: [2] }), february)
    expect(await store.materialize('usage', frame([hours], { a: [9], b: [9] }), correctedJanuary)).toBe(2)
    expect(store.read('a', [hours])?.values).toEqual(Float64Array.of(2))
    expect(store.read('b', [hours])?.values).toEqual(Float64Array.of(9))
    expect(store.read('c', [hours])).toBeNull()
    expect(store.count('usage')).toBe(2)

    // The first delivery, offered late, does not bring back what its correction took away.
    expect(await store.materialize('usage', frame([hours], { a: [1], b: [1], c: [1] }), january)).toBe(0)
    expect(store.read('c', [hours])).toBeNull()
  })

  test.each([
    ['a feature that it was written without', [fee, hours], [fee]],
    ['categories in another order', [fee, { ...net, categories: ['No', 'DSL'] }], [fee, net]],
    ['another type', [{ ...fee, type: 'int' as const }], [fee]],
  ])('a definition with %s is refused until the view is written again', async (_what, now, then) => {
    const only = (spec: FeatureSpec) => spec.map((feature) => ({ ...feature, view: 'subscription' }))
    const values = (spec: FeatureSpec) => ({ a: spec.map((_, i) => i) })
    await store.materialize('subscription', frame(only(then), values(then)), january)
    const spec = only(now)
    expect(() => store.read('a', spec)).toThrow(expect.objectContaining({ code: 'online_store_outdated' }))
    await store.materialize('subscription', frame(spec, values(now)), january)
    expect(store.read('a', spec)?.values).toEqual(Float64Array.from(now, (_, i) => i))
  })

  test('a reader notices that a view was written anew under another definition', async () => {
    await store.materialize('subscription', frame([fee, net], { a: [1, 0], b: [1, 0] }), january)
    const spec = [net]
    expect(store.read('a', spec)?.values).toEqual(Float64Array.of(0))
    await store.materialize('subscription', frame([net, fee], { a: [1, 5] }), january)
    expect(store.read('a', spec)?.values).toEqual(Float64Array.of(1))
    expect(store.read('b', spec)).toBeNull()
    expect(store.count('subscription')).toBe(1)
    await store.materialize('subscription', frame([fee], { a: [5] }), january)
    expect(() => store.read('a', spec)).toThrow(expect.objectContaining({ code: 'online_store_outdated' }))
  })

  test('whether null is legal does not change what is stored', async () => {
    await store.materialize('usage', frame([hours], { a: [1] }), january)
    expect(store.read('a', [{ ...hours, optional: false }])?.values).toEqual(Float64Array.of(1))
  })

  test('keys of any kind are told apart, and no key reaches into another view', async () => {
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
    await store.materialize('usage', frame([hours], rows), january)
    expect(keys.map((key) => store.read(key, [hours])?.values[0])).toEqual(keys.map((_, i) => i))
    expect(store.count('usage')).toBe(keys.length)
    for (const key of ['b', 'A', 'k'.repeat(255), 'k'.repeat(100_000), '🙂'.repeat(257), `${long}\ud83d`, 'usage\0a']) {
      expect(store.read(key, [hours]), key.slice(0, 20)).toBeNull()
    }
  })

  test('a view of a thousand features fits', async () => {
    const wide = Array.from({ length: 1000 }, (_, i) => featureOf('usage', `feature_${i}`, 'float'))
    await store.materialize('usage', frame(wide, { a: wide.map((_, i) => i), b: wide.map((_, i) => -i) }), january)
    const asked = [wide[999]!, wide[0]!, wide[500]!]
    expect(store.read('a', asked)?.values).toEqual(Float64Array.of(999, 0, 500))
    expect(store.read('b', asked)?.values).toEqual(Float64Array.of(-999, -0, -500))
  })

  test('rows of another view are refused and leave the store as it was', async () => {
    await store.materialize('usage', frame([hours], { a: [1] }), january)
    await expect(store.materialize('usage', frame([fee], { a: [7] }), february)).rejects.toMatchObject({
      code: 'internal',
    })
    expect(store.read('a', [hours])).toEqual({ values: Float64Array.of(1), asOf: '2024-01-31' })
  })

  test('the file is grown as needed and its content survives closing', async () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `user-${String(i).padStart(6, '0')}`)
    const wide = Array.from({ length: 20 }, (_, i) => featureOf('usage', `feature_${i}`, 'float'))
    const column = Float64Array.from(keys, (_, i) => i)
    await store.materialize('usage', { spec: wide, keys, columns: wide.map(() => column), label: null }, january)
    await store.close()
    store = open(file)
    expect(store.count('usage')).toBe(100_000)
    expect(store.read('user-099999', [wide[19]!])?.values).toEqual(Float64Array.of(99_999))
  })

  test('reads of this process see each write whole while it happens, and its end once it is promised', async () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `u${i}`)
    const asked = [keys[0]!, keys[2500]!, keys[4999]!]
    for (let value = 1; value <= 5; value++) {
      const knownAt = `2024-02-01T00:00:00.00000${value}Z`
      const rows = { spec: [hours], keys, columns: [new Float64Array(5000).fill(value)], label: null }
      let writing = true
      const written = store.materialize('usage', rows, { asOf: january.asOf, knownAt }).finally(() => {
        writing = false
      })
      while (writing) {
        expect(new Set(asked.map((key) => store.read(key, [hours])?.values[0])).size).toBe(1)
        await setImmediate()
      }
      expect(await written).toBe(5000)
      expect(store.read(keys[2500]!, [hours])?.values).toEqual(Float64Array.of(value))
    }
  })

  test('another process sees each write whole or not at all, without being told', async () => {
    const keys = Array.from({ length: 300 }, (_, i) => `u${i}`)
    const write = (value: number) => {
      const knownAt = `2024-02-01T00:00:00.${String(value).padStart(6, '0')}Z`
      const rows = Object.fromEntries(keys.map((key) => [key, [value]]))
      return store.materialize('usage', frame([hours], rows), { asOf: january.asOf, knownAt })
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
    expect(states.every((state) => Number.isInteger(JSON.parse(state)[0]))).toBe(true)
  })

  test('a writer killed in the middle leaves the last whole write', async () => {
    await store.materialize('usage', frame([hours], { a: [1] }), january)
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
    expect(store.read('a', [hours])).toEqual({ values: Float64Array.of(1), asOf: '2024-01-31' })
    expect(store.count('usage')).toBe(1)
    expect(await store.materialize('usage', frame([hours], { a: [2] }), february)).toBe(1)
  })
})

async function exit(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
