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

/** Fingerprints of the rows of `keys` at `asOf`. `secret` has 32 bytes and belongs to the project. */
export function fingerprints(secret: Uint8Array, keys: readonly string[], asOf: AsOf): Fingerprints {
  const entities = new BigUint64Array(keys.length)
  const rows = new BigUint64Array(keys.length)
  const date = int64(asOfMicros(asOf))
  for (let i = 0; i < keys.length; i++) {
    const key = text(keys[i]!)
    entities[i] = fingerprint(secret, 'entity', key)
    rows[i] = fingerprint(secret, 'key', key, date)
  }
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

/** The fingerprint of one entity. */
export function entityFingerprint(secret: Uint8Array, key: string): bigint {
  return fingerprint(secret, 'entity', text(key))
}

/** What two sets of rows have in common. */
export interface Shared {
  readonly rows: number
  readonly entities: number
  /** The first shared entities, at most 100. */
  readonly keys: readonly string[]
}

const MOST_NAMED = 100

/**
 * How much of the evaluation set was trained on. Merges sorted arrays: linear in both. `whose` names the evaluation
 * rows and is only read on a hit. Both sets must have been made with the same secret.
 */
export function overlap(
  training: Fingerprints,
  evaluation: Fingerprints,
  whose: { readonly secret: Uint8Array; readonly keys: readonly string[] },
): Shared {
  const entities = inBoth(training.entities, evaluation.entities)
  return {
    rows: inBoth(training.rows, evaluation.rows).length,
    entities: entities.length,
    keys: entities.length === 0 ? [] : keysOf(new Set(entities), whose.secret, whose.keys),
  }
}

function keysOf(entities: ReadonlySet<bigint>, secret: Uint8Array, keys: readonly string[]): string[] {
  const found = new Set<string>()
  for (const key of keys) {
    if (found.size === MOST_NAMED) break
    if (entities.has(fingerprint(secret, 'entity', text(key)))) found.add(key)
  }
  return [...found]
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
