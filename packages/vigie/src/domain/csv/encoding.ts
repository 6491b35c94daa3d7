import { excerpt } from './excerpt.ts'
import { refusal } from './refusal.ts'

/** Length of the UTF-8 byte-order mark at the start of a file, 0 when there is none. */
export function byteOrderMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

/** Throws `encoding_utf16` for its byte-order mark, `encoding_invalid` for the NULs that two ASCII characters leave. */
export function refuseUtf16(file: string, firstFour: Uint8Array): void {
  const [a, b, c, d] = firstFour
  const value = excerpt(firstFour)
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw refusal('encoding_utf16', file, {
      text: 'begins with the byte-order mark of UTF-16',
      rule: 'files are UTF-8',
      value,
      line: 1,
      offset: 0,
    })
  }
  const littleEndian = a !== 0 && b === 0 && c !== 0 && d === 0
  const bigEndian = a === 0 && b !== 0 && c === 0 && d !== 0
  if (firstFour.length === 4 && (littleEndian || bigEndian)) {
    throw refusal('encoding_invalid', file, {
      text: 'is UTF-16 without a byte-order mark: every other byte is NUL',
      rule: 'files are valid UTF-8',
      value,
      line: 1,
      offset: littleEndian ? 1 : 0,
      hint: 'Convert the file to UTF-8.',
    })
  }
}
