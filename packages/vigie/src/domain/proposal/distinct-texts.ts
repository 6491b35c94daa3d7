import { textOf } from '../csv/check.ts'
import { equalBytes } from '../csv/tokens.ts'

export interface CountedText {
  readonly text: string
  readonly rows: number
}

interface Entry {
  readonly bytes: Uint8Array
  rows: number
}

const BUCKETS = 256

/**
 * The distinct texts of a column with how often each occurs, as long as there are at most `most`. Works on bytes: a
 * text that was seen before costs no string.
 */
export class DistinctTexts {
  readonly #most: number
  #buckets: (Entry[] | undefined)[] | null = new Array(BUCKETS)
  #size = 0

  constructor(most: number) {
    this.#most = most
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    if (this.#buckets === null) return
    let hash = end - start
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0
    const place = hash & (BUCKETS - 1)
    const bucket = this.#buckets[place] ?? []
    this.#buckets[place] = bucket
    for (const entry of bucket) {
      if (!equalBytes(entry.bytes, bytes, start, end)) continue
      entry.rows++
      return
    }
    this.#size++
    if (this.#size > this.#most) this.#buckets = null
    else bucket.push({ bytes: bytes.slice(start, end), rows: 1 })
  }

  /** Most frequent first, then in the order of their code units. Null when there are too many. */
  texts(): readonly CountedText[] | null {
    if (this.#buckets === null) return null
    return this.#buckets
      .flatMap((bucket) => bucket ?? [])
      .map(({ bytes, rows }) => ({ text: textOf(bytes, 0, bytes.length), rows }))
      .sort((a, b) => b.rows - a.rows || (a.text < b.text ? -1 : 1))
  }
}
