import type { Seen } from '../domain/fingerprint.ts'
import { unpackFingerprints } from '../domain/fingerprint-file.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import type { Dataset } from './dataset.ts'

/**
 * What each version has seen of these rows, by the fingerprints that were stored with it or supplied since. Null when
 * nobody knows: it came without fingerprints, or with those of another secret.
 */
export async function seenBy(
  ports: Ports,
  versions: readonly ModelVersion[],
  { rows: { keys }, asOf }: Dataset,
): Promise<readonly (Seen | null)[]> {
  const training = await Promise.all(versions.map((version) => trainingFingerprints(ports, version)))
  return ports.compute.run('seenRows', { training, secret: ports.fingerprintKey.secret, keys, asOf })
}

/** The stored fingerprints of a version's training rows under this project's secret, or null. */
async function trainingFingerprints(ports: Ports, model: ModelVersion): Promise<Uint8Array | null> {
  const hash = (await ports.registry.suppliedFingerprints(model.model, model.version)) ?? model.fingerprints
  if (hash === null) return null
  const bytes = await ports.artefacts.get(hash)
  return unpackFingerprints(bytes).keyId === ports.fingerprintKey.id ? bytes : null
}
