import { type Fingerprints, overlap, type Shared } from '../domain/fingerprint.ts'
import { unpackFingerprints } from '../domain/fingerprint-file.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'

/** Held-out rows by name and by fingerprint. */
export interface HeldOutRows {
  readonly keys: readonly string[]
  readonly fingerprints: Fingerprints
}

/**
 * How many of these rows a model was trained on, by the fingerprints that were stored with it. Null when nobody knows:
 * it came without fingerprints, or with those of another secret.
 */
export async function seenBy(
  ports: Ports,
  model: ModelVersion,
  { keys, fingerprints }: HeldOutRows,
): Promise<Shared | null> {
  if (model.fingerprints === null) return null
  const training = unpackFingerprints(await ports.artefacts.get(model.fingerprints))
  const { id, secret } = ports.fingerprintKey
  return training.keyId === id ? overlap(training, fingerprints, { secret, keys }) : null
}
