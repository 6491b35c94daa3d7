import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gateVectors } from '../../test/vectors.ts'
import { asOf } from './as-of.ts'
import { fingerprints, rowFingerprints, seenRows } from './fingerprint.ts'
import { packFingerprints, unpackFingerprints } from './fingerprint-file.ts'
import { seededRandom } from './random.ts'

const secret = Buffer.from(gateVectors.fingerprints.keyHex, 'hex')
const january = asOf('2024-01-31')
const february = asOf('2024-02-29')

test('fingerprints of entities equal the vectors, also for a key in another Unicode form', () => {
  const cases = gateVectors.fingerprints.cases.filter(({ domain }) => domain === 'entity')
  expect(cases).toHaveLength(2)
  for (const { values, fp64 } of cases) {
    expect(fingerprints(secret, [values[0] as string], january).entities).toEqual(
      BigUint64Array.of(BigInt(`0x${fp64}`)),
    )
  }
})

test('the fingerprint of a row equals the vector', () => {
  const { values, fp64 } = gateVectors.fingerprints.cases.find(({ domain }) => domain === 'key')!
  expect(values[1]).toBe(Date.UTC(2024, 0, 31) * 1000)
  expect(fingerprints(secret, [values[0] as string], january).rows).toEqual(BigUint64Array.of(BigInt(`0x${fp64}`)))
})

/** What a set of training rows and the rows of `keys` have in common. */
const overlap = (training: ReturnType<typeof fingerprints>, keys: readonly string[], date = january) =>
  seenRows(training, rowFingerprints(secret, keys, date), keys).shared

const users = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `user ${from + i}`)

test('the same users a month later are shared entities and no shared rows', () => {
  const training = fingerprints(secret, users(0, 300), january)
  const keys = users(250, 400)
  expect(overlap(training, keys, february)).toEqual({
    rows: 0,
    entities: 50,
    keys: users(250, 300),
  })
  expect(overlap(training, keys)).toMatchObject({
    rows: 50,
    entities: 50,
  })
})

test('at most 100 shared keys are named, all are counted', () => {
  const keys = users(0, 250)
  const prints = fingerprints(secret, keys, january)
  expect(overlap(prints, keys)).toEqual({ rows: 250, entities: 250, keys: users(0, 100) })
})

test('an overlap is never missed and never invented', () => {
  const some = fc.uniqueArray(
    fc.integer({ min: 0, max: 60 }).map((i) => `k${i}`),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(some, some, (a, b) => {
      const shared = b.filter((key) => a.includes(key))
      const found = overlap(fingerprints(secret, a, january), b)
      expect(found).toEqual({ rows: shared.length, entities: shared.length, keys: shared })
    }),
    { numRuns: 50 },
  )
})

test('one row of a million that a model was trained on is found and named within 2 seconds', () => {
  const random = seededRandom(3)
  const million = () =>
    BigUint64Array.from({ length: 1e6 }, () => (BigInt(random.uint32()) << 32n) | BigInt(random.uint32()))
  const keys = Array.from({ length: 1e6 }, (_, i) => `user ${i}`)
  const rows = { entities: million(), rows: million() }
  const training = { entities: million(), rows: million() }
  const leaked = 987_654
  training.entities[500_000] = rows.entities[leaked]!
  training.rows[600_000] = rows.rows[leaked]!
  training.entities.sort()
  training.rows.sort()
  const cpu = process.cpuUsage()
  const { shared, entities } = seenRows(training, rows, keys)
  const { user } = process.cpuUsage(cpu)
  expect(shared).toEqual({ rows: 1, entities: 1, keys: [`user ${leaked}`] })
  expect(entities.indexOf(1)).toBe(leaked)
  expect(user / 1e6).toBeLessThan(2)
})

test('another secret gives other fingerprints', () => {
  const keys = users(0, 20)
  const other = fingerprints(Buffer.alloc(32, 7), keys, january)
  expect(overlap(other, keys)).toMatchObject({ rows: 0, entities: 0 })
})

test('fingerprints are read back as they were written', () => {
  for (const keyId of ['', 'k1', 'cle-d-ete', 'clé d’été']) {
    for (const count of [0, 1, 77]) {
      const prints = fingerprints(secret, users(0, count), january)
      expect(unpackFingerprints(packFingerprints(prints, keyId))).toEqual({ ...prints, keyId })
    }
  }
})

test('a file that differs in any byte of its structure, or in length, is refused', () => {
  const bytes = packFingerprints(fingerprints(secret, users(0, 3), january), 'key')
  const refused = expect.objectContaining({ code: 'artefact_invalid' })
  for (let length = 0; length < bytes.length; length++) {
    expect(() => unpackFingerprints(bytes.subarray(0, length))).toThrow(refused)
  }
  expect(() => unpackFingerprints(Buffer.concat([bytes, Buffer.alloc(8)]))).toThrow(refused)
  const idAt = 24
  for (const at of [...Array(idAt).keys(), idAt + 3, idAt + 7]) {
    const damaged = bytes.slice()
    damaged[at]! ^= 1
    expect(() => unpackFingerprints(damaged), `byte ${at}`).toThrow(refused)
  }
})

test('fingerprints out of order or twice are refused', () => {
  const refused = expect.objectContaining({ code: 'artefact_invalid' })
  for (const entities of [BigUint64Array.of(2n, 1n), BigUint64Array.of(1n, 1n)]) {
    const bytes = packFingerprints({ entities, rows: new BigUint64Array() }, 'key')
    expect(() => unpackFingerprints(bytes)).toThrow(refused)
  }
})
