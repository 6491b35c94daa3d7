import type { ErrorCode } from '../../errors.ts'
import { excerpt } from './excerpt.ts'
import type { Refusal } from './refusal.ts'

/** Most bytes of one field, without its quotes. */
export const FIELD_BYTES = 65_536

/** What is wrong with the bytes or the structure of a file, whatever its columns are. */
export interface Malformed extends Refusal {
  readonly code: ErrorCode
}

const OTHER_DELIMITERS = new Set([9, 59, 124])
const NEWLINES = 'lines end with LF, or all of them with CRLF'

export function strayQuote(value: string, line: number): Malformed {
  return {
    code: 'stray_quote',
    text: 'a quote stands inside a field that is not quoted',
    rule: 'a field with a quote in it is quoted as a whole',
    value,
    line,
  }
}

/** `byte` stands where a field is over, `line` is where. */
export function afterQuote(byte: number, value: string, line: number, openedOn: number): Malformed {
  if (OTHER_DELIMITERS.has(byte)) {
    const text = `fields are separated by "${excerpt(Uint8Array.of(byte))}"`
    return { code: 'delimiter', text, rule: 'columns are separated by commas', value, line }
  }
  return {
    code: 'stray_quote',
    text: `text follows the quote that closes the field${line === openedOn ? '' : ` from line ${openedOn}`}`,
    rule: 'a comma or a newline follows a closed quote; inside quotes a quote is written twice',
    value,
    line,
  }
}

export function unclosedQuote(value: string, line: number): Malformed {
  return {
    code: 'unclosed_quote',
    text: 'the quote that opens here is not closed',
    rule: 'a quote that opens a field is closed within 64 KB, before the file ends',
    value,
    line,
  }
}

export function tooLong(value: string, line: number): Malformed {
  const text = `a field has more than ${FIELD_BYTES} bytes`
  return { code: 'field_too_long', text, rule: 'a field has at most 64 KB', value, line }
}

export function blankRow(line: number): Malformed {
  const rule = 'there are no blank rows; empty lines may stand at the end'
  return { code: 'blank_row', text: 'is blank', rule, value: '', line }
}

export function loneCarriageReturn(line: number): Malformed {
  const text = 'a carriage return stands without a line feed'
  return { code: 'mixed_newlines', text, rule: NEWLINES, value: '\\r', line }
}

export function otherNewline(kind: 'LF' | 'CRLF', before: 'LF' | 'CRLF', line: number): Malformed {
  return {
    code: 'mixed_newlines',
    text: `ends with ${kind}, the lines before it with ${before}`,
    rule: NEWLINES,
    value: kind === 'LF' ? '\\n' : '\\r\\n',
    line,
  }
}

export function nulByte(value: string, line: number, offset: number): Malformed {
  return { code: 'nul_byte', text: 'holds a NUL byte', rule: 'text has no NUL bytes', value, line, offset }
}

export function notUtf8(value: string, line: number, offset: number): Malformed {
  const text = `byte ${offset} of the file is no UTF-8`
  return { code: 'encoding_invalid', text, rule: 'files are valid UTF-8', value, line, offset }
}
