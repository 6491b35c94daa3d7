import { expect, test } from 'vitest'
import { EXCERPT, excerpt, excerptOf } from './excerpt.ts'

test.each([
  ['plain text', 'Zoë 7€ 👍', 'Zoë 7€ 👍'],
  ['line ends and tabs', 'a\r\n\tb', 'a\\r\\n\\tb'],
  ['a backslash', 'a\\n', 'a\\\\n'],
  ['terminal escapes', '\u001b[31m\u007f\b', '\\u{1b}[31m\\u{7f}\\u{8}'],
  ['overrides of direction', 'a\u202eb', 'a\\u{202e}b'],
  ['what has no width', 'a\u200b\ufeffb', 'a\\u{200b}\\u{feff}b'],
  ['blanks that look like a space', 'a\u00a0b', 'a\\u{a0}b'],
  ['line separators', 'a\u2028b', 'a\\u{2028}b'],
  ['markup, which is text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
])('shows %s', (_what, text, shown) => {
  expect(excerptOf(text)).toBe(shown)
})

test('shows bytes that are no UTF-8 as bytes', () => {
  expect(excerpt(Uint8Array.of(0x41, 0xe9, 0x74, 0xed, 0xa0, 0x80, 0xc3))).toBe('A\\xe9t\\xed\\xa0\\x80\\xc3')
})

test('is never longer than its limit, and says that it was cut', () => {
  expect(excerptOf('x'.repeat(200))).toBe('x'.repeat(200))
  expect(excerptOf('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`)
  for (const text of ['\u0000', '👍', '\u{10ffff}', 'é']) {
    const shown = excerptOf(text.repeat(500))
    expect(shown.length).toBeLessThanOrEqual(EXCERPT)
    expect(shown.endsWith('…')).toBe(true)
    expect(shown.isWellFormed()).toBe(true)
  }
})
