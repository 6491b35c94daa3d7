import { entityFingerprint, type Fingerprints } from './fingerprint.ts'

/** Which of the rows with these keys are of entities that a model was trained on: 1 for those, by row. */
export function seenRows(training: Fingerprints, secret: Uint8Array, keys: readonly string[]): Uint8Array {
  const known = new Set(training.entities)
  return Uint8Array.from(keys, (key) => (known.has(entityFingerprint(secret, key)) ? 1 : 0))
}
