import type { Accepted, Refused } from './case.ts'
import { bytes, filesOf, noteBytes, usage } from './files.ts'

const utf16 = (text: string, mark: boolean): Buffer => Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')
const bigEndian = (buffer: Buffer): Buffer => Buffer.from(buffer).swap16()
const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')

/** The place of the first byte of the second row's note. */
const NOTE = Buffer.from(usage()).indexOf('note 1')

export const bytesRefused: readonly Refused[] = [
  {
    id: 'C2',
    what: 'UTF-16, little endian',
    files: { 'usage.csv': utf16(usage(), true) },
    code: 'encoding_utf16',
    line: 1,
  },
  {
    id: 'C2',
    what: 'UTF-16, big endian',
    files: { 'usage.csv': bigEndian(utf16(usage(), true)) },
    code: 'encoding_utf16',
    line: 1,
  },
  {
    id: 'C3',
    what: 'UTF-16 without a mark',
    files: { 'usage.csv': utf16(usage(), false) },
    code: 'encoding_invalid',
    line: 1,
  },
  {
    id: 'C3',
    what: 'UTF-16, big endian, without a mark',
    files: { 'usage.csv': bigEndian(utf16(usage(), false)) },
    code: 'encoding_invalid',
    line: 1,
  },
  {
    id: 'C4',
    what: 'Latin-1',
    files: { 'usage.csv': latin1(usage({ 2: { note: 'Zoë' } })) },
    code: 'encoding_invalid',
    line: 3,
    column: 'note',
    details: { offset: NOTE + 2 },
  },
  {
    id: 'C5',
    what: 'a bad byte inside one field',
    files: { 'usage.csv': noteBytes([0x61, 0xff, 0x62]) },
    code: 'encoding_invalid',
    line: 3,
    column: 'note',
    details: { offset: NOTE + 1 },
  },
  {
    id: 'C6',
    what: 'an overlong character',
    files: { 'usage.csv': noteBytes([0xc0, 0xaf]) },
    code: 'encoding_invalid',
    line: 3,
    details: { offset: NOTE },
  },
  {
    id: 'C6',
    what: 'surrogates in CESU-8',
    files: { 'usage.csv': noteBytes([0xed, 0xa0, 0xbd, 0xed, 0xb2, 0xa9]) },
    code: 'encoding_invalid',
    line: 3,
    details: { offset: NOTE },
  },
  {
    id: 'C7',
    what: 'a NUL in a text',
    files: { 'usage.csv': noteBytes([0x61, 0, 0x62]) },
    code: 'nul_byte',
    line: 3,
    column: 'note',
  },
  ...(['\u001b[2J', '\u007f', '\b'] as const).map(
    (text): Refused => ({
      id: 'C8',
      what: `${JSON.stringify(text)} in a key`,
      files: { 'usage.csv': usage({ 2: { user_id: `u2${text}` } }) },
      code: 'control_character',
      line: 3,
      column: 'user_id',
    }),
  ),
  ...(['\u202e', '\u200b', '\u2066', '\ufeff'] as const).map(
    (text): Refused => ({
      id: 'C9',
      what: `U+${text.codePointAt(0)!.toString(16)} in a key`,
      files: { 'usage.csv': usage({ 2: { user_id: `u${text}2` } }) },
      code: 'control_character',
      line: 3,
      column: 'user_id',
    }),
  ),
  {
    id: 'C9',
    what: 'a key that looks like another: Latin and Cyrillic letters',
    files: { 'users.csv': 'user_id\nu1\np\u0430yer\nu2\nu3\nu4\n' },
    code: 'confusable',
    held: true,
    file: 'users.csv',
    line: 3,
    column: 'user_id',
  },
  {
    id: 'C10',
    what: 'one key in two normal forms',
    files: filesOf(['u1', 'Zo\u00eb', 'Zoe\u0308', 'u4']),
    code: 'duplicate_after_normalisation',
    file: 'users.csv',
    column: 'user_id',
  },
  {
    id: 'C10',
    what: 'a key in another normal form than in the list',
    files: { ...filesOf(['u1', 'Zo\u00eb', 'u3', 'u4']), 'usage.csv': usage({ 2: { user_id: 'Zoe\u0308' } }) },
    code: 'entity_unknown',
    column: 'user_id',
  },
  {
    id: 'C11',
    what: 'LF, then CRLF',
    files: { 'usage.csv': usage().replace('note 1\n', 'note 1\r\n') },
    code: 'mixed_newlines',
    line: 3,
  },
  {
    id: 'C11',
    what: 'CRLF, then LF',
    files: { 'usage.csv': usage({}, '\r\n').replace('note 1\r\n', 'note 1\n') },
    code: 'mixed_newlines',
    line: 3,
  },
  {
    id: 'C11',
    what: 'a CR in a field',
    files: { 'usage.csv': noteBytes([0x61, 0x0d, 0x62]) },
    code: 'mixed_newlines',
    line: 3,
  },
  { id: 'C12', what: 'CR alone', files: { 'usage.csv': usage({}, '\r') }, code: 'mixed_newlines', line: 1 },
  {
    id: 'C14',
    what: 'a file cut in a row',
    files: { 'usage.csv': usage().slice(0, -30) },
    code: 'ragged_row',
    line: 5,
  },
]

export const bytesAccepted: readonly Accepted[] = [
  {
    id: 'C1',
    what: 'a byte-order mark',
    files: { 'usage.csv': bytes([0xef, 0xbb, 0xbf], usage()) },
    checked: { bom: true, rows: 4 },
    stored: [{ user_id: 'u1', hours: '24.5', note: 'note 0' }, { user_id: 'u2', score: null }, {}, {}],
  },
  {
    id: 'C7',
    what: 'no NUL, but what looks like one',
    files: { 'usage.csv': usage({ 2: { note: '\\0 \\x00 %00' } }) },
    stored: [{}, { note: '\\0 \\x00 %00' }, {}, {}],
  },
  {
    id: 'C8',
    what: 'controls in a text that is no key',
    files: { 'usage.csv': usage({ 2: { note: '\u001b[31m\u007f\b' } }) },
    stored: [{}, { note: '\u001b[31m\u007f\b' }, {}, {}],
  },
  {
    id: 'C9',
    what: 'keys of one script each',
    files: filesOf(['\u0430\u0431\u0432', '李雷', 'Zoë', 'u4']),
    stored: [{ user_id: 'Zoë' }, { user_id: 'u4' }, { user_id: '\u0430\u0431\u0432' }, { user_id: '李雷' }],
  },
  {
    id: 'C11',
    what: 'CRLF throughout',
    files: { 'usage.csv': usage({}, '\r\n') },
    stored: [{ note: 'note 0' }, { note: 'note 1' }, { note: 'note 2' }, { note: 'note 3' }],
  },
  {
    id: 'C13',
    what: 'no newline at the end',
    files: { 'usage.csv': usage().slice(0, -1) },
    stored: [{}, {}, {}, { note: 'note 3' }],
  },
]
