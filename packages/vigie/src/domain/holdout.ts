import { hash } from 'node:crypto'
import type { Holdout } from './policy.ts'

/**
 * Whether an entity is held out: `int(first 8 hex digits of sha256(key)) / 2^32 < fraction`. A property of the key
 * alone, so the same entities are held out for every model and month, on every machine and in every language.
 */
export function isHeldOut(key: string, fraction: number): boolean {
  return hash('sha256', key, 'buffer').readUInt32BE(0) / 0x1_0000_0000 < fraction
}

/** Row indices of the entities that may be trained on and of those that may not, each ascending. */
export function splitByHoldout(
  keys: readonly string[],
  holdout: Holdout,
): { readonly training: Int32Array; readonly heldOut: Int32Array } {
  const training: number[] = []
  const heldOut: number[] = []
  for (let i = 0; i < keys.length; i++) (isHeldOut(keys[i]!, holdout.fraction) ? heldOut : training).push(i)
  return { training: Int32Array.from(training), heldOut: Int32Array.from(heldOut) }
}
