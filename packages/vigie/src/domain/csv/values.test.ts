import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ColumnContract, SourceContract } from '../contract.ts'
import { columnCheck } from './column-check.ts'

const encoder = new TextEncoder()

function contract(column: ColumnContract, more: Partial<SourceContract> = {}): SourceContract {
  return {
    name: 'usage',
    key: 'user_id',
    eventTime: null,
    createdTime: null,
    columns: [{ name: 'user_id', type: 'string', optional: false }, column],
    unused: [],
    extra: 'reject',
    nulls: ['', 'NA'],
    booleans: { true: ['True'], false: ['False'] },
    listedIn: null,
    ...more,
  }
}

/** The code of the broken rule, or `ok`. The text stands between other bytes, as it does in a file. */
function verdict(column: Partial<ColumnContract> & Pick<ColumnContract, 'type'>, text: string): string {
  const whole = { name: 'x', optional: false, ...column }
  const bytes = encoder.encode(`9${text}9`)
  return columnCheck(whole, contract(whole))(bytes, 1, bytes.length - 1)?.code ?? 'ok'
}

describe('whole numbers', () => {
  test.each(['0', '7', '-0', '-1', '10', '9007199254740991', '-9007199254740991'])('"%s" is one', (text) => {
    expect(verdict({ type: 'int' }, text)).toBe('ok')
  })

  test.each([
    ['a fraction', '3.7', 'not_an_integer'],
    ['a fraction of nothing', '3.0', 'not_an_integer'],
    ['an exponent', '1e3', 'not_an_integer'],
    ['a decimal comma', '1,5', 'not_a_number'],
    ['hexadecimal', '0x1F', 'not_a_number'],
    ['full-width digits', '１２', 'not_a_number'],
    ['a plus sign', '+5', 'not_a_number'],
    ['a leading zero', '05', 'not_a_number'],
    ['a negative leading zero', '-05', 'not_a_number'],
    ['blanks around it', ' 5 ', 'not_a_number'],
    ['a blank behind it', '5 ', 'not_a_number'],
    ['an underscore', '1_000', 'not_a_number'],
    ['a thousands separator', '1.234,56', 'not_a_number'],
    ['a blank as thousands separator', '1 000', 'not_a_number'],
    ['a word', 'many', 'not_a_number'],
    ['only a sign', '-', 'not_a_number'],
    ['two signs', '--1', 'not_a_number'],
    ['another null token', 'NULL', 'not_a_number'],
    ['a question mark', '?', 'not_a_number'],
    ['a boolean', 'True', 'not_a_number'],
    ['NaN', 'NaN', 'not_finite'],
    ['an infinity', '-inf', 'not_finite'],
    ['the first whole number that is not exact', '9007199254740992', 'out_of_range'],
    ['more than int64', '12345678901234567890', 'out_of_range'],
    ['a hundred digits', '9'.repeat(100), 'out_of_range'],
    ['four hundred digits', '9'.repeat(400), 'out_of_range'],
    ['null where it is not allowed', '', 'null_not_allowed'],
    ['another null where it is not allowed', 'NA', 'null_not_allowed'],
  ])('%s: "%s" is refused with %s', (_what, text, code) => {
    expect(verdict({ type: 'int' }, text)).toBe(code)
  })

  test('bounds are inclusive', () => {
    const age = { type: 'int', min: 0, max: 120 } as const
    expect(['0', '-0', '120', '-1', '121', '300'].map((text) => verdict(age, text))).toEqual([
      ...['ok', 'ok', 'ok'],
      ...['out_of_range', 'out_of_range', 'out_of_range'],
    ])
  })

  test('are judged as their pattern and their value say', () => {
    const text = fc.oneof(fc.stringMatching(/^-?[0-9]{1,18}$/), fc.stringMatching(/^[-+0-9.e ]{1,6}$/), fc.string())
    fc.assert(
      fc.property(text, fc.integer(), fc.nat(), (written, min, span) => {
        fc.pre(written !== '' && written !== 'NA')
        const max = min + span
        const legal =
          /^-?(0|[1-9][0-9]*)$/.test(written) &&
          Number.isSafeInteger(Number(written)) &&
          Number(written) >= min &&
          Number(written) <= max
        expect(verdict({ type: 'int', min, max }, written) === 'ok').toBe(legal)
      }),
      { seed: 1, numRuns: 2000 },
    )
  })
})

describe('floats', () => {
  test.each([
    ...['0', '-0', '0.0', '-0.5', '12', '12.5', '24.483650766787413', '1e5', '1E+05', '1.5e-7', '5e-324', '-1e-400'],
    ...['1.7976931348623157e308', '123456789012345678901234567890', '0e999', `0.${'0'.repeat(400)}1e400`],
  ])('"%s" is one', (text) => {
    expect(verdict({ type: 'float' }, text)).toBe('ok')
  })

  test.each([
    ['more than float64 holds', '1e400', 'out_of_range'],
    ['less than float64 holds', '-1e309', 'out_of_range'],
    ['four hundred digits', '9'.repeat(400), 'out_of_range'],
    ['NaN', 'NaN', 'not_finite'],
    ['nan', 'nan', 'not_finite'],
    ['an infinity', 'Infinity', 'not_finite'],
    ['a short infinity', '+inf', 'not_finite'],
    ['a decimal comma', '1,5', 'not_a_number'],
    ['both separators', '1,234.56', 'not_a_number'],
    ['an underscore', '1_000', 'not_a_number'],
    ['hexadecimal', '0x1p3', 'not_a_number'],
    ['a hexadecimal whole number', '0x1F', 'not_a_number'],
    ['a plus sign', '+1.5', 'not_a_number'],
    ['a leading zero', '01.5', 'not_a_number'],
    ['no whole part', '.5', 'not_a_number'],
    ['no fraction behind the point', '5.', 'not_a_number'],
    ['two points', '1.2.3', 'not_a_number'],
    ['an empty exponent', '1e', 'not_a_number'],
    ['a suffix', '1.5f', 'not_a_number'],
    ['a currency', '€5', 'not_a_number'],
    ['a blank before it', ' 1.5', 'not_a_number'],
    ['a newline behind it', '1.5\n', 'not_a_number'],
    ['null where it is not allowed', '', 'null_not_allowed'],
  ])('%s: "%s" is refused with %s', (_what, text, code) => {
    expect(verdict({ type: 'float' }, text)).toBe(code)
  })

  test('bounds are inclusive and exact', () => {
    const share = { type: 'float', min: 0.1, max: 0.3 } as const
    const inside = ['0.1', '0.3', '0.30000000000000001', '1e-1', '0.2']
    const outside = ['0.30000000000000004', '0.09999999999999999', '0', '-0.1', '0.4', '3e-10']
    expect(inside.map((text) => verdict(share, text))).toEqual(inside.map(() => 'ok'))
    expect(outside.map((text) => verdict(share, text))).toEqual(outside.map(() => 'out_of_range'))
    expect(verdict({ type: 'float', min: 0 }, '-0.0')).toBe('ok')
    expect(verdict({ type: 'float', min: 0 }, '-1e-300')).toBe('out_of_range')
  })

  test('are judged as their pattern and their value say', () => {
    const text = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.stringMatching(/^-?[0-9]{1,20}(\.[0-9]{0,20})?(e[-+]?[0-9]{1,3})?$/),
      fc.stringMatching(/^[-+0-9.eE]{1,8}$/),
    )
    fc.assert(
      fc.property(
        text,
        fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (written, min, span) => {
          const max = min + span
          const value = Number(written)
          const legal = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$/.test(written) && value >= min && value <= max
          expect(verdict({ type: 'float', min, max }, written) === 'ok').toBe(legal)
        },
      ),
      { seed: 2, numRuns: 4000 },
    )
  })
})

describe('booleans and nulls are only what the contract calls so', () => {
  test.each(['True', 'False'])('"%s" is a boolean', (text) => {
    expect(verdict({ type: 'boolean' }, text)).toBe('ok')
  })

  test.each(['true', '1', '0', 'yes', 'Y', 't', 'TRUE', 'True ', ' True', 'ja', 'Tru', 'Truee'])(
    '"%s" is none',
    (text) => {
      expect(verdict({ type: 'boolean' }, text)).toBe('not_a_boolean')
    },
  )

  test.each(['int', 'float', 'boolean', 'category', 'string', 'date'] as const)(
    'null is legal in an optional %s',
    (type) => {
      const column = { type, optional: true, categories: ['a'] }
      expect([verdict(column, ''), verdict(column, 'NA')]).toEqual(['ok', 'ok'])
      expect(verdict({ ...column, optional: false }, 'NA')).toBe('null_not_allowed')
    },
  )

  test.each(['null', 'NULL', 'N/A', 'na', '-', '?', ' '])('"%s" is no null', (text) => {
    expect(verdict({ type: 'float', optional: true }, text)).toBe('not_a_number')
    expect(verdict({ type: 'date', optional: true }, text)).toBe('invalid_date')
    expect(verdict({ type: 'string' }, text)).toBe('ok')
  })
})

describe('categories', () => {
  const net = { type: 'category', categories: ['DSL', 'Fiber optic', 'No', 'Été'] } as const

  test.each(net.categories)('"%s" is one', (text) => {
    expect(verdict(net, text)).toBe('ok')
  })

  test.each(['dsl', 'DSL ', 'Fiber  optic', 'Fiber', '5G', 'Ete', 'E\u0301te\u0301'])('"%s" is none', (text) => {
    expect(verdict(net, text)).toBe('category_unknown')
  })

  test('the one that was probably meant is named', () => {
    const column = { name: 'net', optional: false, ...net }
    const bytes = encoder.encode('fiber-optic')
    const finding = columnCheck(column, contract(column))(bytes, 0, bytes.length)
    expect(finding?.rule).toBe('net is one of "DSL", "Fiber optic", "No", "Été"')
    expect(finding?.hintFor?.('fiber-optic')).toContain('"Fiber optic"')
  })

  test('one that is called like a null token is a category, unless the column is optional', () => {
    expect(verdict({ type: 'category', categories: ['EU', 'NA'] }, 'NA')).toBe('ok')
  })

  test('hundreds of them are told apart', () => {
    const categories = Array.from({ length: 500 }, (_, i) => `c${i}`)
    expect(categories.filter((text) => verdict({ type: 'category', categories }, text) !== 'ok')).toEqual([])
    expect(verdict({ type: 'category', categories }, 'c500')).toBe('category_unknown')
  })
})

describe('dates', () => {
  test.each(['2024-02-29', '2000-02-29', '2022-12-31', '0001-01-01', '9999-12-31'])('%s is one', (text) => {
    expect(verdict({ type: 'date' }, text)).toBe('ok')
  })

  test.each([
    ['a day that February does not have', '2024-02-30'],
    ['a leap day of a common year', '2023-02-29'],
    ['a leap day of a common century', '1900-02-29'],
    ['the 31st of a short month', '2024-04-31'],
    ['day 0', '2024-01-00'],
    ['month 13', '2024-13-01'],
    ['year 0', '0000-01-01'],
    ['slashes', '01/02/2024'],
    ['no zeros', '2024-1-1'],
    ['no dashes', '20240101'],
    ['a time', '2024-01-01T00:00:00'],
    ['a time of 24:00', '2024-01-01 24:00'],
    ['letters', '2024-0a-01'],
    ['a sign', '-024-01-01'],
    ['blanks', ' 2024-01-1'],
  ])('%s: "%s" is none', (_what, text) => {
    expect(verdict({ type: 'date' }, text)).toBe('invalid_date')
  })

  test.each(['1704067200', '1704067200000', '-1704067200', '1704067200.5'])('"%s" counts from 1970', (text) => {
    expect(verdict({ type: 'date' }, text)).toBe('implausible_time')
  })

  test('agree with the calendar of the platform on every day of 1899 to 2101', () => {
    const wrong: string[] = []
    for (let year = 1899; year <= 2101; year++) {
      for (let month = 1; month <= 12; month++) {
        for (let day = 28; day <= 32; day++) {
          const text = [year, month, day].map((part) => String(part).padStart(2, '0')).join('-')
          const real = new Date(Date.UTC(year, month - 1, day)).toISOString().startsWith(text)
          if ((verdict({ type: 'date' }, text) === 'ok') !== real) wrong.push(text)
        }
      }
    }
    expect(wrong).toEqual([])
  })
})

describe('keys', () => {
  const key = { name: 'user_id', type: 'string' } as const

  test.each([
    ...['7590-VHVEG', '00123', 'NA', 'Zoë', '李雷', "'; DROP TABLE users;--", '=cmd|calc', '<script>', '__proto__'],
    ...['\u0430\u0431\u0432-1', '\u03b1\u03b2', '\u674e\u96f7-abc', 'Zo\u00eb-\u674e'],
    ...['{{7*7}}', ' padded ', 'e\u0301', 'x'.repeat(256), '👍'.repeat(256)],
  ])('"%s" is one', (text) => {
    expect(verdict(key, text)).toBe('ok')
  })

  test.each([
    ['nothing', '', 'null_not_allowed'],
    ['a terminal escape', 'u\u001b[2J', 'control_character'],
    ['DEL', 'u\u007f', 'control_character'],
    ['a backspace', 'u\b', 'control_character'],
    ['a newline', 'u1\nu2', 'control_character'],
    ['a C1 control', 'u\u0085', 'control_character'],
    ['a bidirectional override', 'u\u202e1', 'control_character'],
    ['a zero-width space', 'u\u200b1', 'control_character'],
    ['a byte-order mark', '\ufeffu1', 'control_character'],
    ['a Cyrillic letter among Latin ones', 'p\u0430yer', 'confusable'],
    ['a Greek letter among Latin ones', '\u039fslo', 'confusable'],
    ['257 characters', 'x'.repeat(257), 'field_too_long'],
    ['257 characters of four bytes', '👍'.repeat(257), 'field_too_long'],
  ])('%s is refused: "%s" with %s', (_what, text, code) => {
    expect(verdict(key, text)).toBe(code)
  })
})
