import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldedKey, KeySet } from './key-set.ts'

const encoder = new TextEncoder()

function setOf(texts: readonly string[]): { readonly set: KeySet; readonly fresh: readonly boolean[] } {
  const set = new KeySet()
  const fresh = texts.map((text) => {
    const bytes = encoder.encode(`<${text}>`)
    return set.add(bytes, 1, bytes.length - 1)
  })
  return { set, fresh }
}

test('tells new keys from known ones as a Set does', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 })), (texts) => {
      const seen = new Set<string>()
      const expected = texts.map((text) => seen.size !== seen.add(text).size)
      expect(setOf(texts).fresh).toEqual(expected)
    }),
    { seed: 5, numRuns: 300 },
  )
})

test('tells 300,000 similar keys apart while it grows', () => {
  const texts = Array.from({ length: 300_000 }, (_, i) => `${String(i % 10_000).padStart(4, '0')}-${i}`)
  const { set, fresh } = setOf([...texts, ...texts.slice(0, 1000)])
  expect(set.size).toBe(300_000)
  expect(fresh.slice(300_000).some(Boolean)).toBe(false)
})

test('the fingerprint is of the set, in any order', () => {
  const texts = ['u1', 'u2', 'u3']
  const print = setOf(texts).set.fingerprint
  expect(setOf(texts.toReversed()).set.fingerprint).toBe(print)
  expect(setOf([...texts, 'u1']).set.fingerprint).toBe(print)
  expect(setOf(['u1', 'u2']).set.fingerprint).not.toBe(print)
  expect(setOf(['u1', 'u2', 'u4']).set.fingerprint).not.toBe(print)
})

test.each([
  ['U1', 'u1'],
  [' u1  ', 'u1'],
  ['E\u0301te\u0301', 'été'],
  ['ÉTÉ', 'été'],
])('"%s" reads like "%s"', (text, same) => {
  const fold = (given: string) => {
    const bytes = encoder.encode(given)
    return new TextDecoder().decode(foldedKey(bytes, 0, bytes.length))
  }
  expect(fold(text)).toBe(fold(same))
})
