import { unpackFingerprints } from '../../domain/fingerprint-file.ts'
import { seenRows } from '../../domain/unseen-rows.ts'
import type { Tasks } from '../../ports/compute.ts'

export function seenRowsTask({ fingerprints, secret, keys }: Tasks['seenRows']['input']): Uint8Array {
  return seenRows(unpackFingerprints(fingerprints), secret, keys)
}
