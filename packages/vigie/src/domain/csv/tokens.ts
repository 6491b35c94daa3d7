import type { ReadNumber } from './check.ts'

/** True when `bytes[start, end)` is one of the tokens. */
export type IsToken = (bytes: Uint8Array, start: number, end: number) => boolean

/** A set of texts that is asked by bytes: exact, no case folding, no trimming. */
export function tokenSet(tokens: readonly string[]): IsToken {
  const code = tokenCodes(new Map(tokens.map((token) => [token, 1])))
  return (bytes, start, end) => code(bytes, start, end) === 1
}

/** The number that stands for a text, NaN for all other texts. Asked by bytes like a set. */
export function tokenCodes(codes: ReadonlyMap<string, number>): ReadNumber {
  const encoder = new TextEncoder()
  let size = 1
  while (size < 2 * codes.size) size *= 2
  const buckets: { readonly token: Uint8Array; readonly code: number }[][] = Array.from({ length: size }, () => [])
  for (const [text, code] of codes) {
    const token = encoder.encode(text)
    buckets[bucketOf(token, 0, token.length, size)]!.push({ token, code })
  }
  return (bytes, start, end) => {
    for (const { token, code } of buckets[bucketOf(bytes, start, end, size)]!) {
      if (equalBytes(token, bytes, start, end)) return code
    }
    return Number.NaN
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
