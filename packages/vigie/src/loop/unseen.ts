import { fingerprints, overlap, type Shared } from '../domain/fingerprint.ts'
import { unpackFingerprints } from '../domain/fingerprint-file.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import type { Dataset } from './dataset.ts'

/**
 * How many of these rows a model was trained on, by the fingerprints that were stored with it. Null when nobody knows:
 * it came without fingerprints, or with those of another secret.
 */
export async function seenBy(ports: Ports, model: ModelVersion, { rows, asOf }: Dataset): Promise<Shared | null> {
  if (model.fingerprints === null) return null
  const training = unpackFingerprints(await ports.artefacts.get(model.fingerprints))
  const { id, secret } = ports.fingerprintKey
  if (training.keyId !== id) return null
  return overlap(training, fingerprints(secret, rows.keys, asOf), { secret, keys: rows.keys })
}
