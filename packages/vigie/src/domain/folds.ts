import { hash } from 'node:crypto'

/**
 * The fold of each row for cross-validation, 0 to `folds - 1`: `int(fourth 8 hex digits of sha256(key)) / 2^32 * folds`.
 * All rows of an entity are in one fold. The first 8 digits say whether it is held out, the second its group in
 * statistics, the third whether early stopping watches it, so these say nothing of those.
 */
export function foldsOf(keys: readonly string[], folds: number): Uint8Array {
  return Uint8Array.from(keys, (key) =>
    Math.floor((hash('sha256', key, 'buffer').readUInt32BE(12) / 0x1_0000_0000) * folds),
  )
}

/** Row indices of a fold, and those of all others, each ascending. */
export function splitFold(
  foldOf: Uint8Array,
  fold: number,
): { readonly inside: Int32Array; readonly outside: Int32Array } {
  let size = 0
  for (const of of foldOf) if (of === fold) size++
  const inside = new Int32Array(size)
  const outside = new Int32Array(foldOf.length - size)
  let i = 0
  let o = 0
  for (let row = 0; row < foldOf.length; row++) {
    if (foldOf[row] === fold) inside[i++] = row
    else outside[o++] = row
  }
  return { inside, outside }
}
