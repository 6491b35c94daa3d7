import { textOf } from '../csv/check.ts'

/** Most keys that are told apart: 64 MB in a table that is at most half full. */
export const MOST_KEYS = 1 << 22

const FIRST = 1 << 12
const SPACE = 0x20

/**
 * A set of texts that keeps 64 bits of each: two different texts among 4 million count as one with a probability of
 * 5e-7. Only a proposal is built on it; an ingest compares the keys themselves.
 */
export class KeySet {
  #slots = new Uint32Array(2 * FIRST)
  #size = 0
  #full = false
  /** Order plays no part, so equal sets have equal sums. */
  #sumHigh = 0
  #sumLow = 0

  get size(): number {
    return this.#size
  }

  /** True when there were more than `MOST_KEYS`: what came after is not in the set. */
  get full(): boolean {
    return this.#full
  }

  /** Of the set, not of its order. */
  get fingerprint(): string {
    return `${this.#size}-${hex(this.#sumHigh)}${hex(this.#sumLow)}`
  }

  /** False when it was there before. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#full) return true
    let high = 0x9e3779b9 ^ (end - start)
    let low = 0x85ebca6b
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      high = Math.imul(high ^ byte, 0x01000193)
      low = Math.imul(low, 31) + byte
    }
    return this.#insert(mixed(high ^ Math.imul(low, 0x27d4eb2f)), mixed(low + Math.imul(high, 0x165667b1)))
  }

  #insert(high: number, low: number): boolean {
    // All zero means an empty slot.
    const first = high === 0 && low === 0 ? 1 : high
    const mask = this.#slots.length / 2 - 1
    let at = low & mask
    for (; ; at = (at + 1) & mask) {
      const found = this.#slots[2 * at]!
      const other = this.#slots[2 * at + 1]!
      if (found === 0 && other === 0) break
      if (found === first && other === low) return false
    }
    this.#slots[2 * at] = first
    this.#slots[2 * at + 1] = low
    this.#size++
    this.#sumHigh = (this.#sumHigh + first) >>> 0
    this.#sumLow = (this.#sumLow + low) >>> 0
    if (this.#size === MOST_KEYS) this.#full = true
    else if (this.#size * 4 > this.#slots.length) this.#grow()
    return true
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(2 * old.length)
    const mask = this.#slots.length / 2 - 1
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0 && old[from + 1] === 0) continue
      let at = old[from + 1]! & mask
      while (this.#slots[2 * at] !== 0 || this.#slots[2 * at + 1] !== 0) at = (at + 1) & mask
      this.#slots[2 * at] = old[from]!
      this.#slots[2 * at + 1] = old[from + 1]!
    }
  }
}

/** Last step of MurmurHash3 (Appleby, public domain): every bit of the input changes half of the output. */
function mixed(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const hex = (word: number): string => word.toString(16).padStart(8, '0')

const encoder = new TextEncoder()

/** The key as people read it: no case, no blanks around it, one Unicode form. */
export function foldedKey(bytes: Uint8Array, start: number, end: number): Uint8Array {
  let from = start
  let to = end
  while (from < to && bytes[from] === SPACE) from++
  while (to > from && bytes[to - 1] === SPACE) to--
  const folded = bytes.slice(from, to)
  for (let i = 0; i < folded.length; i++) {
    const byte = folded[i]!
    if (byte >= 0x80) return encoder.encode(textOf(bytes, from, to).normalize('NFC').toLowerCase().trim())
    if (byte >= 65 && byte <= 90) folded[i] = byte + 32
  }
  return folded
}
