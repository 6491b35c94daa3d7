import { VigieError } from '../errors.ts'
import { canonicalJson } from './canonical-json.ts'
import type { ScoredRows } from './comparison.ts'
import { isLegalFeature } from './legal-feature.ts'

/**
 * Scored rows as bytes, so that a decision can be computed again from the scores. Little-endian:
 *
 *     VGSR | version u32 | bytes of header u32 | reserved u32 = 0 | header as canonical JSON, zeros up to a multiple of 8
 *     y, champion (when there is one), challenger, each column: float64 | entities int32, zeros | halves u8, zeros
 */
const MAGIC = 0x52534756
const VERSION = 1
const START = 16

interface Header extends Pick<ScoredRows, 'kind' | 'thresholds' | 'spec' | 'trainingBaseRate' | 'hashes'> {
  readonly rows: number
  readonly width: number
}

export function packScoredRows(scored: ScoredRows): Uint8Array {
  const { kind, y, entities, halves, champion, challenger, thresholds, spec, columns, trainingBaseRate, hashes } =
    scored
  const rows = y.length
  const header: Header = { kind, thresholds, spec, trainingBaseRate, hashes, rows, width: challenger.length / rows }
  const text = new TextEncoder().encode(canonicalJson(header))
  const numbers = [y, ...(champion === null ? [] : [champion]), challenger, ...columns]
  const dataAt = START + padded(text.length)
  const entitiesAt = dataAt + numbers.reduce((total, values) => total + 8 * values.length, 0)
  const halvesAt = entitiesAt + padded(4 * rows)
  const bytes = new Uint8Array(halvesAt + padded(rows))
  new Uint32Array(bytes.buffer, 0, 4).set([MAGIC, VERSION, text.length, 0])
  bytes.set(text, START)
  let at = dataAt
  for (const values of numbers) {
    new Float64Array(bytes.buffer, at, values.length).set(values)
    at += 8 * values.length
  }
  new Int32Array(bytes.buffer, entitiesAt, rows).set(entities)
  bytes.set(halves, halvesAt)
  return bytes
}

/** Bytes that `packScoredRows` would write, about. */
export function scoredRowsBytes(rows: number, numbersARow: number): number {
  return rows * (8 * numbersARow + 5)
}

/** Reads what `packScoredRows` wrote. Throws `artefact_invalid` for anything else. */
export function unpackScoredRows(stored: Uint8Array): ScoredRows {
  // A copy begins on a boundary of eight bytes, which views of numbers need.
  const bytes = stored.slice()
  if (bytes.length < START) invalid('scored rows have a header', `${bytes.length} bytes`)
  const [magic, version, length, reserved] = new Uint32Array(bytes.buffer, 0, 4) as unknown as [
    number,
    number,
    number,
    number,
  ]
  if (magic !== MAGIC || version !== VERSION || reserved !== 0)
    invalid('scored rows begin with VGSR and version 1', `${magic}, ${version}`)
  const dataAt = START + padded(length)
  if (dataAt > bytes.length) invalid('the header ends within the bytes', `${length} bytes`)
  const header = parsed(bytes.subarray(START, START + length))
  const { rows, width, spec, hashes } = header
  const first = hashes.champion === null
  const numbers = rows * (1 + width * (first ? 1 : 2) + spec.length)
  const expected = dataAt + 8 * numbers + padded(4 * rows) + padded(rows)
  if (bytes.length !== expected) invalid(`the header announces ${expected} bytes`, `${bytes.length} bytes`)
  let at = dataAt
  const take = (count: number): Float64Array => {
    const values = new Float64Array(bytes.buffer, at, count)
    at += 8 * count
    return values
  }
  const y = take(rows)
  const champion = first ? null : take(rows * width)
  const challenger = take(rows * width)
  const columns = spec.map(() => take(rows))
  const entities = new Int32Array(bytes.buffer, at, rows)
  const halves = bytes.subarray(at + padded(4 * rows), at + padded(4 * rows) + rows)
  const { kind, thresholds, trainingBaseRate } = header
  return { kind, y, entities, halves, champion, challenger, thresholds, spec, columns, trainingBaseRate, hashes }
}

function parsed(text: Uint8Array): Header {
  try {
    const header = JSON.parse(new TextDecoder().decode(text)) as Header
    const counts = [header.rows, header.width].every((n) => Number.isSafeInteger(n) && n > 0 && n < 2 ** 31)
    if (counts && header.spec.every(isLegalFeature) && typeof header.hashes.rows === 'string') return header
  } catch {
    // Whatever cannot be read is refused below.
  }
  return invalid('the header is that of scored rows', 'another text')
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8
}

function invalid(rule: string, value: string): never {
  throw new VigieError('artefact_invalid', 'these bytes are no scored rows', { rule, value })
}
