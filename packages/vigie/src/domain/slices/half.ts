import { hash } from 'node:crypto'

/**
 * Which half of the held-out entities a key belongs to: `int(sha256('slice:' + key), first 8 hex digits) mod 2`. What is
 * looked for in one half is tested in the other; all rows of an entity are on one side.
 */
export function sliceHalf(key: string): 0 | 1 {
  return (hash('sha256', `slice:${key}`, 'buffer').readUInt32BE(0) % 2) as 0 | 1
}

/** The half of each row. */
export function sliceHalves(keys: readonly string[]): Uint8Array {
  return Uint8Array.from(keys, sliceHalf)
}
