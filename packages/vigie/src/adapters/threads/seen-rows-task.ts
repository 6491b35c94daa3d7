import { rowFingerprints, type Seen, seenRows } from '../../domain/fingerprint.ts'
import { unpackFingerprints } from '../../domain/fingerprint-file.ts'
import type { Tasks } from '../../ports/compute.ts'

/** Hashes the rows once and looks for them in every set. */
export function seenRowsTask({ training, secret, keys, asOf }: Tasks['seenRows']['input']): readonly (Seen | null)[] {
  const rows = rowFingerprints(secret, keys, asOf)
  return training.map((stored) => stored && seenRows(unpackFingerprints(stored), rows, keys))
}
