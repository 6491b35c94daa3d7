import { expect, test } from 'vitest'
import { CUT_OFF, sequenceLength } from './utf8.ts'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodes(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes)
    return true
  } catch {
    return false
  }
}

test('agrees with the platform on every pair of bytes, and on every continuation of it', () => {
  const wrong: string[] = []
  const check = (...bytes: number[]) => {
    const all = Uint8Array.from(bytes)
    const whole = sequenceLength(all, 0, all.length) === all.length
    if (whole !== decodes(all)) wrong.push(Buffer.from(all).toString('hex'))
  }
  for (let lead = 0x80; lead <= 0xff; lead++) {
    for (let second = 0; second <= 0xff; second++) {
      if (second < 0x80) continue // would be a character of its own
      check(lead, second)
      for (const third of [0x80, 0x8f, 0x9f, 0xa0, 0xbf, 0xc0]) {
        if (lead >= 0xe0) check(lead, second, third)
        for (const fourth of [0x80, 0xbf, 0xff]) if (lead >= 0xf0) check(lead, second, third, fourth)
      }
    }
  }
  expect(wrong).toEqual([])
})

test.each([
  ['an overlong slash', [0xc0, 0xaf]],
  ['an overlong slash of three bytes', [0xe0, 0x80, 0xaf]],
  ['an overlong NUL', [0xc0, 0x80]],
  ['a high surrogate (CESU-8)', [0xed, 0xa0, 0x80]],
  ['a low surrogate (CESU-8)', [0xed, 0xbf, 0xbf]],
  ['a code point beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['a lone continuation', [0xa9]],
  ['Latin-1', [0xe9, 0x74, 0xe9]],
  ['a byte that UTF-8 never has', [0xff, 0x80]],
])('%s begins no sequence', (_what, bytes) => {
  expect(sequenceLength(Uint8Array.from(bytes), 0, bytes.length)).toBe(0)
})

test('says when the bytes end too early to tell', () => {
  const euro = Uint8Array.of(0xe2, 0x82, 0xac)
  expect([1, 2, 3].map((end) => sequenceLength(euro, 0, end))).toEqual([CUT_OFF, CUT_OFF, 3])
  expect(sequenceLength(Uint8Array.of(0xf0, 0x9f), 0, 2)).toBe(CUT_OFF)
  // What follows can no longer mend it.
  expect(sequenceLength(Uint8Array.of(0xed, 0xa0), 0, 2)).toBe(0)
})
