import { createHmac } from 'node:crypto'
import { type AsOf, asOfMicros } from './as-of.ts'

/**
 * Which rows a model was trained on, without saying who they are: without the secret nobody can test whether a person
 * is among them. HMAC-SHA-256 cut to 64 bits, sorted ascending, each once.
 *
 * Two sets of a million share a false fingerprint with probability 5e-8. A false hit refuses a comparison and names a
 * row, which can be checked; a real one is never missed.
 */
export interface Fingerprints {
  /** One for each entity. */
  readonly entities: BigUint64Array
  /** One for each entity at its date. */
  readonly rows: BigUint64Array
}

/** Fingerprints of rows in their order, for telling which of them are known. */
export interface RowFingerprints {
  readonly entities: BigUint64Array
  readonly rows: BigUint64Array
}

/** One of each kind for each row of `keys` at `asOf`. `secret` has 32 bytes and belongs to the project. */
export function rowFingerprints(secret: Uint8Array, keys: readonly string[], asOf: AsOf): RowFingerprints {
  const entities = new BigUint64Array(keys.length)
  const rows = new BigUint64Array(keys.length)
  const date = int64(asOfMicros(asOf))
  for (let i = 0; i < keys.length; i++) {
    const key = text(keys[i]!)
    entities[i] = fingerprint(secret, 'entity', key)
    rows[i] = fingerprint(secret, 'key', key, date)
  }
  return { entities, rows }
}

/** Fingerprints of the rows of `keys` at `asOf` as a set. */
export function fingerprints(secret: Uint8Array, keys: readonly string[], asOf: AsOf): Fingerprints {
  const { entities, rows } = rowFingerprints(secret, keys, asOf)
  return { entities: sortedDistinct(entities), rows: sortedDistinct(rows) }
}

/** Fingerprints of several dates as one set. */
export function merged(parts: readonly Fingerprints[]): Fingerprints {
  const together = (of: (part: Fingerprints) => BigUint64Array): BigUint64Array => {
    const all = new BigUint64Array(parts.reduce((length, part) => length + of(part).length, 0))
    let at = 0
    for (const part of parts) {
      all.set(of(part), at)
      at += of(part).length
    }
    return sortedDistinct(all)
  }
  return { entities: together(({ entities }) => entities), rows: together(({ rows }) => rows) }
}

/** What two sets of rows have in common. */
export interface Shared {
  readonly rows: number
  readonly entities: number
  /** The first shared entities, at most 100. */
  readonly keys: readonly string[]
}

const MOST_NAMED = 100

/** What a model has seen of the rows that it is judged on. */
export interface Seen {
  readonly shared: Shared
  /** 1 for each row whose entity was trained on. */
  readonly entities: Uint8Array
}

/**
 * How much of the evaluation rows was trained on, and which of them. Merges sorted sets: linear in both, and a few
 * hundred milliseconds for a million of each. `keys` names the rows. Both must have been made with the same secret.
 */
export function seenRows(training: Fingerprints, rows: RowFingerprints, keys: readonly string[]): Seen {
  const entities = new Set(inBoth(training.entities, sortedDistinct(rows.entities.slice())))
  const seen = new Uint8Array(keys.length)
  const named = new Set<string>()
  for (let i = 0; entities.size > 0 && i < keys.length; i++) {
    if (!entities.has(rows.entities[i]!)) continue
    seen[i] = 1
    if (named.size < MOST_NAMED) named.add(keys[i]!)
  }
  return {
    shared: {
      rows: inBoth(training.rows, sortedDistinct(rows.rows.slice())).length,
      entities: entities.size,
      keys: [...named],
    },
    entities: seen,
  }
}

function inBoth(a: BigUint64Array, b: BigUint64Array): bigint[] {
  const shared: bigint[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const x = a[i]!
    const y = b[j]!
    if (x === y) shared.push(x)
    if (x <= y) i++
    if (y <= x) j++
  }
  return shared
}

function sortedDistinct(values: BigUint64Array): BigUint64Array {
  values.sort()
  let count = 0
  for (let i = 0; i < values.length; i++) {
    if (i === 0 || values[i] !== values[i - 1]) values[count++] = values[i]!
  }
  return values.slice(0, count)
}

/** The first 8 bytes of the HMAC over `domain 00 value value ...`; the domain keeps the two kinds apart. */
function fingerprint(secret: Uint8Array, domain: 'entity' | 'key', ...values: readonly Uint8Array[]): bigint {
  const mac = createHmac('sha256', secret).update(`${domain}\0`)
  for (const value of values) mac.update(value)
  return mac.digest().readBigUInt64BE(0)
}

/** `04`, length as 4 bytes, UTF-8 of the NFC form: two spellings of one text are one entity. */
function text(value: string): Uint8Array {
  const bytes = Buffer.from(value.normalize('NFC'))
  const message = Buffer.alloc(5 + bytes.length, 4)
  message.writeUInt32BE(bytes.length, 1)
  bytes.copy(message, 5)
  return message
}

/** `03` and 8 bytes, big-endian. */
function int64(value: bigint): Uint8Array {
  const message = Buffer.alloc(9, 3)
  message.writeBigInt64BE(value, 1)
  return message
}
