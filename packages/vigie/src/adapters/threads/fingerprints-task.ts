import { type Fingerprints, fingerprints } from '../../domain/fingerprint.ts'
import type { Tasks } from '../../ports/compute.ts'

export function fingerprintsTask({ secret, keys, asOf }: Tasks['fingerprints']['input']): Fingerprints {
  return fingerprints(secret, keys, asOf)
}
