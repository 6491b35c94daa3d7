import { sequenceLength } from './utf8.ts'

/** Longest excerpt in UTF-16 units, the mark of what was left out included. */
export const EXCERPT = 200

const decoder = new TextDecoder()
/** All that moves a cursor, hides itself or changes the direction of writing, and the blanks that are not U+0020. */
const INVISIBLE = /[\p{C}\p{Z}]/u

/**
 * A piece of a file as people may see it in a terminal, a log or a page: what is invisible or no text is escaped
 * (`\n`, `\u{202e}`, `\xe9` for a byte that is no UTF-8), a backslash is doubled, the end is cut off.
 */
export function excerpt(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = ''
  for (let at = start; at < end; ) {
    const length = bytes[at]! < 0x80 ? 1 : sequenceLength(bytes, at, end)
    const valid = length > 0
    const next = at + (valid ? length : 1)
    const shown = valid ? visible(decoder.decode(bytes.subarray(at, next))) : `\\x${hex(bytes[at]!)}`
    if (text.length + shown.length > EXCERPT - (next < end ? 1 : 0)) return `${text}…`
    text += shown
    at = next
  }
  return text
}

/** The same for a text. */
export function excerptOf(text: string): string {
  return excerpt(new TextEncoder().encode(text))
}

function visible(character: string): string {
  switch (character) {
    case ' ':
      return character
    case '\n':
      return '\\n'
    case '\r':
      return '\\r'
    case '\t':
      return '\\t'
    case '\\':
      return '\\\\'
  }
  // The decoder swallows a byte-order mark, wherever it stands.
  if (character === '') return '\\u{feff}'
  return INVISIBLE.test(character) ? `\\u{${character.codePointAt(0)!.toString(16)}}` : character
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0')
