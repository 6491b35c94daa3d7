import { createHash } from 'node:crypto'
import type { AsOf } from './as-of.ts'
import { featureSpecHash } from './feature-spec.ts'
import type { Frame } from './frame.ts'

const CANONICAL_NAN = 0x7ff8_0000_0000_0000n

/**
 * sha256 in hex over all that a row set is: feature spec, date, keys in their order, values, labels and weights. Equal hashes
 * mean equal training or evaluation data, bit for bit; -0 counts as 0, and every NaN (null) as the same.
 */
export function rowsHash(frame: Frame, asOf: AsOf): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([featureSpecHash(frame.spec), asOf, frame.keys, frame.label !== null]))
  for (const column of frame.columns) hash.update(canonicalBytes(column))
  if (frame.label) hash.update(canonicalBytes(frame.label))
  if (frame.weight) hash.update(canonicalBytes(frame.weight))
  return hash.digest('hex')
}

function canonicalBytes(values: Float64Array): Uint8Array {
  const canonical = new Float64Array(values.length)
  const bits = new BigUint64Array(canonical.buffer)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    // The bit pattern of a NaN that is stored by value is up to the engine.
    if (Number.isNaN(value)) bits[i] = CANONICAL_NAN
    else canonical[i] = value + 0
  }
  return new Uint8Array(canonical.buffer)
}
