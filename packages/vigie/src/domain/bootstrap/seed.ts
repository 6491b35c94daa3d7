import { createHash } from 'node:crypto'

/** Where a generator begins: two whole numbers below 2^32, for `seededRandom`. */
export interface BootstrapSeed {
  readonly seed: number
  readonly stream: number
}

/**
 * The seed of a comparison: the first 8 bytes of SHA-256 over `gate-bootstrap|rows|champion|challenger`. A replay draws
 * the same resamples, and nobody can choose them.
 */
export function comparisonSeed(rowsHash: string, champion: string, challenger: string): BootstrapSeed {
  const digest = createHash('sha256').update(['gate-bootstrap', rowsHash, champion, challenger].join('|')).digest()
  return { seed: digest.readUInt32BE(0), stream: digest.readUInt32BE(4) }
}
