import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { VigieError } from '../../errors.ts'
import type { SourceContract } from '../contract.ts'
import { CsvCheck, type CsvSummary } from './csv-check.ts'
import { LinesOf } from './lines-of.ts'

const usage: SourceContract = {
  name: 'usage',
  key: 'user_id',
  eventTime: null,
  createdTime: null,
  columns: [
    { name: 'user_id', type: 'string', optional: false },
    { name: 'hours', type: 'float', optional: false, min: 0 },
    { name: 'skips', type: 'int', optional: true },
  ],
  unused: ['note'],
  extra: 'reject',
  nulls: [''],
  booleans: { true: ['True'], false: ['False'] },
  listedIn: null,
}
const HEADER = 'user_id,hours,skips,note\n'

type Bytes = string | readonly (string | readonly number[])[]

function bytesOf(parts: Bytes): Uint8Array {
  const list = typeof parts === 'string' ? [parts] : parts
  return Buffer.concat(list.map((part) => (typeof part === 'string' ? Buffer.from(part) : Uint8Array.from(part))))
}

function check(parts: Bytes, contract: SourceContract = usage, chunk = Number.POSITIVE_INFINITY): CsvSummary {
  const bytes = bytesOf(parts)
  const csv = new CsvCheck(contract)
  for (let at = 0; at < bytes.length; at += chunk) csv.push(bytes.subarray(at, at + chunk))
  return csv.end()
}

function refusalOf(parts: Bytes, contract: SourceContract = usage, chunk?: number): VigieError {
  try {
    check(parts, contract, chunk)
  } catch (error) {
    return error as VigieError
  }
  throw new Error('the file was accepted')
}

const GOOD: readonly [string, Bytes, number][] = [
  ['LF throughout', `${HEADER}u1,1.5,3,x\nu2,0,,\n`, 2],
  ['CRLF throughout', 'user_id,hours,skips,note\r\nu1,1.5,3,x\r\nu2,0,,\r\n', 2],
  ['no newline at the end', `${HEADER}u1,1.5,3,x`, 1],
  ['an empty field at the very end', `${HEADER}u1,1.5,3,`, 1],
  ['empty lines at the end', `${HEADER}u1,1.5,3,x\n\n\n`, 1],
  ['empty lines with CRLF at the end', 'user_id,hours,skips,note\r\nu1,1.5,3,x\r\n\r\n', 1],
  ['another order of columns', 'skips,note,hours,user_id\n3,x,1.5,u1\n', 1],
  ['quotes around everything', '"user_id","hours","skips","note"\n"u1","1.5","3","x"\n', 1],
  ['a quoted null', `${HEADER}u1,1.5,"",""\n`, 1],
  ['commas, newlines and quotes inside quotes', `${HEADER}u1,1,2,"a,b\nc\r\nd\re ""f"" """\nu2,1,2,""""\n`, 2],
  ['a lone CR inside quotes of a CRLF file', 'user_id,hours,skips,note\r\nu1,1,2,"a\rb\nc"\r\n', 1],
  ['characters of two to four bytes', `${HEADER}Zoë,1,2,€ 👍 \u{10ffff}\n`, 1],
  ['controls in text that is no key', `${HEADER}u1,1,2,\u001b[31m\u007f\u202e\n`, 1],
  ['text that means something elsewhere', `${HEADER}u1,1,2,=cmd|'/c calc'!A0 \\x00 $1 %s {{7*7}} </script>\n`, 1],
  ['a field of 64 KB', `${HEADER}u1,1,2,${'x'.repeat(65_536)}\n`, 1],
  ['a quoted field of 64 KB of quotes', `${HEADER}u1,1,2,"${'""'.repeat(65_536)}"\n`, 1],
]

const BAD: readonly [string, Bytes, { code: string; line?: number; column?: string; value?: string }][] = [
  // bytes
  ['UTF-16, little endian', [[0xff, 0xfe, 0x75, 0]], { code: 'encoding_utf16', line: 1 }],
  ['UTF-16, big endian', [[0xfe, 0xff, 0, 0x75]], { code: 'encoding_utf16', line: 1 }],
  ['UTF-16 without a mark', [[0x75, 0, 0x73, 0, 0x65, 0]], { code: 'encoding_invalid', line: 1 }],
  ['UTF-16, big endian, without a mark', [[0, 0x75, 0, 0x73]], { code: 'encoding_invalid', line: 1 }],
  [
    'Latin-1',
    [HEADER, 'u1,1,2,x\nZo', [0xeb], ',1,2,x\n'],
    { code: 'encoding_invalid', line: 3, column: 'user_id', value: 'Zo\\xeb,1,' },
  ],
  [
    'an overlong character',
    [HEADER, 'u1,1,2,', [0xc0, 0xaf], '\n'],
    { code: 'encoding_invalid', line: 2, column: 'note' },
  ],
  ['a surrogate', [HEADER, 'u1,1,2,', [0xed, 0xa0, 0x80], '\n'], { code: 'encoding_invalid', line: 2 }],
  ['a character cut by the end', [HEADER, 'u1,1,2,', [0xe2, 0x82]], { code: 'encoding_invalid', line: 2 }],
  ['a bad byte inside quotes', [HEADER, 'u1,1,2,"a\nb', [0xff], '"\n'], { code: 'encoding_invalid', line: 3 }],
  ['a NUL', [HEADER, 'u1,1,2,a', [0], 'b\n'], { code: 'nul_byte', line: 2, column: 'note', value: 'a\\u{0}' }],
  ['a NUL inside quotes', [HEADER, 'u1,1,2,"a\n', [0], '"\n'], { code: 'nul_byte', line: 3 }],
  ['a NUL at the very end', [HEADER, 'u1,1,2,x', [0]], { code: 'nul_byte', line: 2 }],
  ['CRLF after LF', `${HEADER}u1,1,2,x\nu2,1,2,x\r\n`, { code: 'mixed_newlines', line: 3 }],
  ['LF after CRLF', 'user_id,hours,skips,note\r\nu1,1,2,x\n', { code: 'mixed_newlines', line: 2 }],
  ['CR alone', 'user_id,hours,skips,note\ru1,1,2,x\r', { code: 'mixed_newlines', line: 1 }],
  ['CR alone at the end', `${HEADER}u1,1,2,x\r`, { code: 'mixed_newlines', line: 2 }],
  ['a CR inside a field', `${HEADER}u1,1,2,a\rb\n`, { code: 'mixed_newlines', line: 2 }],
  // structure
  ['no bytes at all', '', { code: 'empty_file' }],
  ['a byte-order mark and nothing else', [[0xef, 0xbb, 0xbf]], { code: 'empty_file' }],
  ['only empty lines', '\n\n\n', { code: 'empty_file' }],
  ['only blanks', '   \n \n', { code: 'blank_row', line: 1 }],
  ['only a header', HEADER, { code: 'no_rows' }],
  ['only a header without a newline', 'user_id,hours,skips,note', { code: 'no_rows' }],
  ['no header', 'u1,1.5,3,x\nu2,1.5,3,x\n', { code: 'header_missing', line: 1 }],
  ['a comment before the header', `# made by hand\n${HEADER}u1,1,2,x\n`, { code: 'header_missing', line: 1 }],
  ['an empty line before the header', `\n${HEADER}u1,1,2,x\n`, { code: 'blank_row', line: 1 }],
  ['a page instead of a file', '<!DOCTYPE html>\n<html>\n', { code: 'header_missing', line: 1 }],
  ['a column named twice', 'user_id,hours,skips,note,hours\n', { code: 'duplicate_column', value: 'hours' }],
  ['a column that is missing', 'user_id,skips,note\nu1,1,x\n', { code: 'column_missing', column: 'hours' }],
  ['an unused column that is missing', 'user_id,hours,skips\nu1,1,2\n', { code: 'column_missing', column: 'note' }],
  ['the key missing', 'id,hours,skips,note\nu1,1,2,x\n', { code: 'column_missing', column: 'user_id' }],
  ['a column nobody named', 'user_id,hours,skips,note,age\n', { code: 'column_unexpected', column: 'age' }],
  ['a name with SQL in it', 'user_id,hours,skips,note,"x""; DROP TABLE"\n', { code: 'column_invalid' }],
  ['a name that objects have', 'user_id,hours,skips,note,__proto__\n', { code: 'column_invalid' }],
  ['another name that objects have', 'user_id,hours,skips,note,constructor\n', { code: 'column_invalid' }],
  ['a name that is empty', 'user_id,hours,skips,note,\n', { code: 'column_invalid' }],
  ['semicolons', 'user_id;hours;skips;note\nu1;1,5;3;x\n', { code: 'delimiter', line: 1 }],
  ['tabs', 'user_id\thours\tskips\tnote\nu1\t1\t3\tx\n', { code: 'delimiter', line: 1 }],
  ['semicolons between quotes', '"user_id";"hours";"skips";"note"\n', { code: 'delimiter', line: 1 }],
  ['a short row', `${HEADER}u1,1,2,x\nu2,1,2\n`, { code: 'ragged_row', line: 3, value: '3 fields' }],
  ['a short row whose values are shifted', `${HEADER}u1,x,y\n`, { code: 'ragged_row', line: 2 }],
  ['a long row', `${HEADER}u1,1,2,x,\n`, { code: 'ragged_row', line: 2, value: 'more than 4 fields' }],
  ['a column added half way', `${HEADER}u1,1,2,x\nu2,1,2,x,7\nu3,1,2,x,7\n`, { code: 'ragged_row', line: 3 }],
  ['a file cut in a row', `${HEADER}u1,1,2,x\nu2,1.`, { code: 'ragged_row', line: 3 }],
  ['a ragged row of several lines', `${HEADER}u1,1,2,"a\nb\nc"\nu2,"\n\n"\n`, { code: 'ragged_row', line: 5 }],
  ['an empty line between rows', `${HEADER}u1,1,2,x\n\nu2,1,2,x\n`, { code: 'blank_row', line: 3 }],
  ['a line of blanks', `${HEADER}u1,1,2,x\n  \n`, { code: 'blank_row', line: 3 }],
  ['a line of blanks at the very end', `${HEADER}u1,1,2,x\n  `, { code: 'blank_row', line: 3 }],
  ['the header again', `${HEADER}u1,1,2,x\n${HEADER}u2,1,2,x\n`, { code: 'repeated_header', line: 3 }],
  ['a quote that is never closed', `${HEADER}u1,1,2,x\nu2,1,2,"x\nu3,1,2,x\n`, { code: 'unclosed_quote', line: 3 }],
  [
    'a quote that is not closed for 64 KB',
    `${HEADER}u1,1,2,"x\n${'u3,1,2,x\n'.repeat(10_000)}"\n`,
    { code: 'unclosed_quote', line: 2 },
  ],
  ['a quote inside a field', `${HEADER}u1,1,2,5" disk\n`, { code: 'stray_quote', line: 2, column: 'note' }],
  ['a blank before the quotes', `${HEADER}u1,1,2, "x"\n`, { code: 'stray_quote', line: 2 }],
  ['text behind the quotes', `${HEADER}u1,1,2,"a\nb"c\n`, { code: 'stray_quote', line: 3 }],
  ['a backslash before a quote', `${HEADER}u1,1,2,"a\\"b"\n`, { code: 'stray_quote', line: 2 }],
  ['10,000 columns', `${Array.from({ length: 10_000 }, (_, i) => `c${i}`).join()}\n`, { code: 'too_many_columns' }],
  ['a field of more than 64 KB', `${HEADER}u1,1,2,${'x'.repeat(65_537)}\n`, { code: 'field_too_long', line: 2 }],
  [
    'a quoted field of more than 64 KB',
    `${HEADER}u1,1,2,"${'x'.repeat(65_537)}"\n`,
    { code: 'field_too_long', line: 2 },
  ],
  ['a column name without end', 'x'.repeat(70_000), { code: 'field_too_long', line: 1 }],
  // values
  ['a number that is none', `${HEADER}u1,1,2,x\nu2,1.5.2,2,x\n`, { code: 'not_a_number', line: 3, column: 'hours' }],
  [
    'a null that is not allowed',
    `${HEADER}u1,,2,x\n`,
    { code: 'null_not_allowed', line: 2, column: 'hours', value: '' },
  ],
  ['a value in the second line of a row', `${HEADER}"u\n1",1,2,x\n`, { code: 'control_character', line: 2 }],
  ['a value after a quoted newline', 'note,user_id,hours,skips\n"a\nb",u1,-1,2\n', { code: 'out_of_range', line: 3 }],
  ['the first of two bad values', `${HEADER}u1,-1,x,x\n`, { code: 'out_of_range', column: 'hours', value: '-1' }],
]

describe('accepted', () => {
  test.each(GOOD)('%s', (_what, parts, rows) => {
    expect(check(parts)).toMatchObject({ rows, bom: false })
  })

  test('a byte-order mark, which is noted', () => {
    expect(check([[0xef, 0xbb, 0xbf], HEADER, 'u1,1,2,x\n'])).toEqual({
      rows: 1,
      quarantined: null,
      held: [],
      bom: true,
      header: ['user_id', 'hours', 'skips', 'note'],
    })
  })

  test('columns that nobody named, when the contract keeps them', () => {
    const keep = { ...usage, extra: 'keep' } as const
    expect(check('user_id,age,hours,skips,note\nu1,old,1,2,x\n', keep).header).toContain('age')
    expect(refusalOf('user_id,Age,hours,skips,note\nu1,old,1,2,x\n', keep).code).toBe('column_invalid')
  })

  test('a thousand columns', () => {
    const names = Array.from({ length: 999 }, (_, i) => `c${i}`)
    const wide = { ...usage, columns: [usage.columns[0]!], unused: names }
    expect(check(`user_id,${names.join()}\nu1${',x'.repeat(999)}\n`, wide).rows).toBe(1)
  })

  test('a file with nothing but keys, where an empty line is no row either', () => {
    const keys = { ...usage, columns: [usage.columns[0]!], unused: [] }
    expect(check('user_id\nu1\nu2\n\n', keys).rows).toBe(2)
    expect(refusalOf('user_id\nu1\n\nu2\n', keys)).toMatchObject({ code: 'blank_row', details: { line: 3 } })
    expect(refusalOf('user_id\n""\n', keys).code).toBe('null_not_allowed')
  })
})

describe('refused', () => {
  test.each(BAD)('%s', (_what, parts, { code, ...details }) => {
    const error = refusalOf(parts)
    expect(error).toMatchObject({ code, details: { file: 'usage.csv', rule: expect.any(String), ...details } })
    expect(error.hint).not.toBe('')
    expect(error.details.value!.length).toBeLessThanOrEqual(200)
    expect(error.message).toMatch(/^usage\.csv/)
  })

  test('a misspelt column is named together with what stands in its place', () => {
    expect(refusalOf('user_id,Hours,skips,note\n')).toMatchObject({
      code: 'column_missing',
      hint: 'Rename the column "Hours" to "hours".',
      details: { column: 'hours', value: 'user_id,Hours,skips,note' },
    })
  })

  test('a bad byte is named by its place in the file, also in a later chunk', () => {
    const parts = [HEADER, 'u1,1,2,x\n'.repeat(1000), 'u2,1,2,', [0xe9], '\n']
    const offset = HEADER.length + 9 * 1000 + 7
    expect(bytesOf(parts)[offset]).toBe(0xe9)
    for (const chunk of [1, 100, 1 << 16]) {
      expect(refusalOf(parts, usage, chunk).details).toMatchObject({ offset, line: 1002 })
    }
  })
})

describe('chunks', () => {
  const short = (parts: Bytes) => bytesOf(parts).length < 2000

  test.each(GOOD.filter(([, parts]) => short(parts)))('do not matter: %s', (_what, parts) => {
    for (const chunk of [1, 2, 3, 5, 7]) expect(check(parts, usage, chunk)).toEqual(check(parts))
  })

  test.each(BAD.filter(([, parts]) => short(parts)))('do not matter: %s', (_what, parts) => {
    const { code, message, hint } = refusalOf(parts)
    for (const chunk of [1, 2, 3, 5, 7]) {
      expect(refusalOf(parts, usage, chunk)).toMatchObject({ code, message, hint })
    }
  })

  test('of the size that files are read in cut fields anywhere', () => {
    const row = `u1,24.483650766787413,3,"${'é'.repeat(40)} ""quoted"",\n"\n`
    const parts = `${HEADER}${row.repeat(5000)}`
    for (const chunk of [4096, 65_536, 1 << 18]) expect(check(parts, usage, chunk).rows).toBe(5000)
  })
})

test('any text survives quoting, whatever stands in it', () => {
  const any = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'))
  const awkward = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', 'é'), maxLength: 8 })
  const seen: string[] = []
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  fc.assert(
    fc.property(fc.array(fc.oneof(any, awkward), { minLength: 1 }), fc.constantFrom(1, 3, 1000), (texts, chunk) => {
      // A category is told byte for byte: the check accepts exactly the text that was written.
      for (const text of texts) {
        const contract: SourceContract = {
          ...usage,
          columns: [usage.columns[0]!, { name: 'x', type: 'category', optional: false, categories: [text] }],
          unused: [],
        }
        const parts = `user_id,x\nu1,${quoted(text)}\nu2,${quoted(text)}`
        expect(check(parts, contract, chunk).rows).toBe(2)
        seen.push(text)
      }
    }),
    { seed: 3, numRuns: 100 },
  )
  expect(seen.length).toBeGreaterThan(100)
})

test('the lines of some values are found, whatever chunks and quotes cut', () => {
  const text = 'note,user_id\n"a\nb",u1\nu1,u2\n,"u1"\nx,"u""3"\n'
  for (const chunk of [1, 7, 1000]) {
    const lines = new LinesOf('user_id', ['u1', 'u"3'])
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += chunk) lines.push(bytes.subarray(at, at + chunk))
    expect(lines.end()).toEqual([
      { line: 3, value: 'u1' },
      { line: 5, value: 'u1' },
      { line: 6, value: 'u"3' },
    ])
  }
})
