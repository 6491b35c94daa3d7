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
 * How many of these rows a model was trained on, by the fingerprints that were stored with it or supplied since. Null when
 * nobody knows: it came without fingerprints, or with those of another secret.
 */
export async function seenBy(
  ports: Ports,
  model: ModelVersion,
  { keys, fingerprints }: HeldOutRows,
): Promise<Shared | null> {
  const stored = await trainingFingerprints(ports, model)
  if (stored === null) return null
  return overlap(unpackFingerprints(stored), fingerprints, { secret: ports.fingerprintKey.secret, keys })
}

/** The stored fingerprints of a version's training rows under this project's secret, or null. */
export async function trainingFingerprints(ports: Ports, model: ModelVersion): Promise<Uint8Array | null> {
  const hash = (await ports.registry.suppliedFingerprints(model.model, model.version)) ?? model.fingerprints
  if (hash === null) return null
  const bytes = await ports.artefacts.get(hash)
  return unpackFingerprints(bytes).keyId === ports.fingerprintKey.id ? bytes : null
}
