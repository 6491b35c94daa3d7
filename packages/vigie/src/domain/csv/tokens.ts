/** True when `bytes[start, end)` is one of the tokens. */
export type IsToken = (bytes: Uint8Array, start: number, end: number) => boolean

/** A set of texts that is asked by bytes: exact, no case folding, no trimming. */
export function tokenSet(tokens: readonly string[]): IsToken {
  const encoder = new TextEncoder()
  let size = 1
  while (size < 2 * tokens.length) size *= 2
  const buckets: Uint8Array[][] = Array.from({ length: size }, () => [])
  for (const token of new Set(tokens)) {
    const bytes = encoder.encode(token)
    buckets[bucketOf(bytes, 0, bytes.length, size)]!.push(bytes)
  }
  return (bytes, start, end) => {
    for (const token of buckets[bucketOf(bytes, start, end, size)]!) {
      if (equalBytes(token, bytes, start, end)) return true
    }
    return false
  }
}

export function equalBytes(token: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (token.length !== end - start) return false
  for (let i = 0; i < token.length; i++) if (token[i] !== bytes[start + i]) return false
  return true
}

function bucketOf(bytes: Uint8Array, start: number, end: number, size: number): number {
  let hash = end - start
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0
  return hash & (size - 1)
}
