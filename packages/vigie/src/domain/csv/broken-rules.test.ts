import { describe, expect, test } from 'vitest'
import { VigieError } from '../../errors.ts'
import { asOf } from '../as-of.ts'
import type { BrokenRule, SourceContract } from '../contract.ts'
import { CsvCheck, type CsvSummary } from './csv-check.ts'

const money: SourceContract = {
  name: 'money',
  key: 'user_id',
  eventTime: null,
  createdTime: null,
  columns: [
    { name: 'user_id', type: 'string', optional: false },
    { name: 'fee', type: 'float', optional: false, min: 0, max: 100, severity: 'hold' },
    { name: 'refund', type: 'float', optional: true, min: 0 },
    { name: 'plan', type: 'category', optional: false, categories: ['free', 'paid'] },
  ],
  unused: [],
  extra: 'reject',
  nulls: [''],
  booleans: { true: ['True'], false: ['False'] },
  listedIn: null,
}
const HEADER = 'user_id,fee,refund,plan\n'
const ROW = 'u,5,,paid\n'

function check(text: string, more: Partial<SourceContract> = {}, date?: string): CsvSummary {
  const csv = new CsvCheck({ ...money, ...more }, { asOf: date === undefined ? undefined : asOf(date) })
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 64) csv.push(bytes.subarray(at, at + 64))
  return csv.end()
}

function refused(
  text: string,
  more: Partial<SourceContract> = {},
  date?: string,
): VigieError & { broken: BrokenRule[] } {
  try {
    check(text, more, date)
  } catch (error) {
    if (error instanceof VigieError) return Object.assign(error, { broken: error.details.broken as BrokenRule[] })
    throw error
  }
  throw new Error('the file was accepted')
}

const summary = (rules: readonly BrokenRule[]) =>
  rules.map(({ code, column, severity, rows, examples }) => [code, column, severity, rows, examples.map((e) => e.line)])

describe('a refused file tells', () => {
  test('all of its broken rules, in the order of the file, each with its rows and examples', () => {
    const error = refused(`${HEADER}u1,5,x,paid\nu2,-1,,gold\nu3,5,x,paid\nu4,5,-1,gold\n`)
    expect(error).toMatchObject({ code: 'not_a_number', details: { line: 2, column: 'refund', value: 'x' } })
    expect(summary(error.broken)).toEqual([
      ['not_a_number', 'refund', 'reject', 2, [2, 4]],
      ['out_of_range', 'fee', 'hold', 1, [3]],
      ['category_unknown', 'plan', 'reject', 2, [3, 5]],
      ['out_of_range', 'refund', 'reject', 1, [5]],
    ])
    expect(error.broken[2]).toMatchObject({
      source: 'money',
      text: 'plan "gold" is no category of the definition',
      rule: 'plan is one of "free", "paid"',
      value: 'gold',
      examples: [
        { line: 3, value: 'gold' },
        { line: 5, value: 'gold' },
      ],
    })
  })

  test('at most twenty examples of a rule, and counts all', () => {
    const error = refused(HEADER + 'u,5,x,paid\n'.repeat(1000))
    expect(error.broken).toHaveLength(1)
    expect(error.broken[0]).toMatchObject({ rows: 1000, examples: { length: 20 } })
  })

  test('at most a hundred rules', () => {
    const names = Array.from({ length: 150 }, (_, i) => `c${i}`)
    const columns = [money.columns[0]!, ...names.map((name) => ({ name, type: 'int', optional: false }) as const)]
    const error = refused(`user_id,${names.join()}\nu1${',x'.repeat(150)}\n`, { columns })
    expect(error.broken).toHaveLength(100)
  })

  test('what was broken before its structure was', () => {
    const error = refused(`${HEADER}u1,5,x,paid\nu2,5\n`)
    expect(error).toMatchObject({ code: 'ragged_row', details: { line: 3 } })
    expect(summary(error.broken)).toEqual([
      ['ragged_row', null, 'reject', null, [3]],
      ['not_a_number', 'refund', 'reject', 1, [2]],
    ])
  })

  test('a broken byte as a rule, too', () => {
    const error = refused(`${HEADER}u1,5,\0,paid\n`)
    expect(error.broken).toMatchObject([{ code: 'nul_byte', column: 'refund', source: 'money', rows: null }])
    expect(refused('').broken).toMatchObject([{ code: 'empty_file', examples: [] }])
  })
})

describe('a held rule', () => {
  test('keeps the delivery back and does not refuse it', () => {
    const { rows, held, quarantined } = check(`${HEADER}${ROW}u2,500,,paid\n`)
    expect({ rows, quarantined }).toEqual({ rows: 2, quarantined: null })
    expect(summary(held)).toEqual([['out_of_range', 'fee', 'hold', 1, [3]]])
  })

  test('is no excuse for what cannot be stored', () => {
    expect(refused(`${HEADER}u1,five,,paid\n`).code).toBe('not_a_number')
    expect(refused(`${HEADER}u1,1e999,,paid\n`).code).toBe('out_of_range')
    expect(refused(`${HEADER}u1,,,paid\n`).code).toBe('null_not_allowed')
  })
})

describe('sentinels', () => {
  const sentinels = (severity: 'reject' | 'hold') => ({
    columns: money.columns.map((c) => (c.name === 'fee' ? { ...c, sentinels: [-1, 99.5], severity } : c)),
  })

  test.each(['-1', '-1.0', '-1e0', '99.5', '99.50', '0.995e2'])('%s is one', (text) => {
    const error = refused(`${HEADER}u1,${text},,paid\n`, sentinels('reject'))
    expect(error).toMatchObject({ code: 'sentinel_value', details: { column: 'fee', rule: 'fee is none of -1, 99.5' } })
  })

  test.each(['1', '0', '99.49999999999999', '-0'])('%s is none', (text) => {
    expect(check(`${HEADER}u1,${text},,paid\n`, sentinels('reject')).rows).toBe(1)
  })

  test('are held where the column is', () => {
    expect(check(`${HEADER}u1,-1,,paid\n`, sentinels('hold')).held).toMatchObject([{ code: 'sentinel_value' }])
  })
})

describe('a null rate', () => {
  const half = (severity: 'reject' | 'hold' = 'reject') => ({
    columns: money.columns.map((c) => (c.name === 'refund' ? { ...c, maxNullRate: 0.5, severity } : c)),
  })

  test('may be reached, and not exceeded', () => {
    expect(check(`${HEADER}${ROW}u,5,1,paid\n`, half()).rows).toBe(2)
    const error = refused(`${HEADER}${ROW}${ROW}u,5,1,paid\n`, half())
    expect(error).toMatchObject({
      code: 'null_rate',
      message: 'money.csv: refund is null in 2 of 3 rows',
      details: { column: 'refund', rule: 'refund is null in at most 50 % of the rows' },
    })
    expect(error.broken).toMatchObject([{ code: 'null_rate', rows: 2, examples: [] }])
  })

  test('is compared as it is written: 29 of 100 are 0.29', () => {
    const rate = { columns: money.columns.map((c) => (c.name === 'refund' ? { ...c, maxNullRate: 0.29 } : c)) }
    const text = HEADER + ROW.repeat(29) + 'u,5,1,paid\n'.repeat(71)
    expect(check(text, rate).rows).toBe(100)
    expect(check(text.replaceAll(',,', ',x,'), { badRows: { maxShare: 0.29, maxRows: 100 } }).rows).toBe(71)
  })

  test('is held where the column is', () => {
    expect(check(`${HEADER}${ROW}`, half('hold')).held).toMatchObject([{ code: 'null_rate', severity: 'hold' }])
  })

  test('comes behind what single rows break', () => {
    expect(refused(`${HEADER}${ROW}u,5,,gold\n`, half()).broken.map((rule) => rule.code)).toEqual([
      'category_unknown',
      'null_rate',
    ])
  })
})

describe('rows that may be left out', () => {
  const badRows = { maxShare: 0.5, maxRows: 2 }

  test('are, with their places, and accepted + quarantined = total', () => {
    const text = `${HEADER}u1,5,,paid\nu2,5,x,paid\nü3,5,"",gold\nu4,5,,paid\n`
    const { rows, quarantined } = check(text, { badRows })
    expect([rows, quarantined?.rows]).toEqual([2, 2])
    const bytes = Buffer.from(text)
    const [start, end] = quarantined!.ranges
    expect(quarantined!.ranges).toHaveLength(2)
    expect(bytes.subarray(start, end).toString()).toBe('u2,5,x,paid\nü3,5,"",gold\n')
    expect(summary(quarantined!.broken)).toEqual([
      ['not_a_number', 'refund', 'reject', 1, [3]],
      ['category_unknown', 'plan', 'reject', 1, [4]],
    ])
  })

  test.each([
    ['a byte-order mark, CRLF and quoted newlines', '\ufeff', '\r\n'],
    ['LF', '', '\n'],
  ])('stand where they are said to stand: %s', (_what, mark, newline) => {
    const lines = [
      'user_id,fee,refund,plan',
      '"u\u00e91",5,,paid',
      '"u2",5,"x\ny",paid',
      'u3,5,,paid',
      'u4,5,,"""gold"""',
    ]
    const text = mark + lines.join(newline)
    const { quarantined } = check(text, { badRows })
    const bytes = Buffer.from(text)
    const found = Array.from({ length: quarantined!.ranges.length / 2 }, (_, i) =>
      bytes.subarray(quarantined!.ranges[2 * i], quarantined!.ranges[2 * i + 1]).toString(),
    )
    expect(found).toEqual([lines[2] + newline, lines[4]])
  })

  test('are not held against the file when they only would be held', () => {
    const { held, quarantined } = check(`${HEADER}${ROW}u2,500,x,paid\n`, { badRows })
    expect(held).toEqual([])
    expect(quarantined).toMatchObject({ rows: 1, broken: [{ code: 'not_a_number' }] })
  })

  test.each([
    ['the number', `${ROW.repeat(9)}${'u,5,x,paid\n'.repeat(3)}`],
    ['the share', `${ROW}${'u,5,x,paid\n'.repeat(2)}`],
  ])('are no more than %s allows', (_what, rows) => {
    const error = refused(HEADER + rows, { badRows })
    expect(error.code).toBe('quarantine_cap')
    expect(error.broken.map((rule) => rule.code)).toEqual(['quarantine_cap', 'not_a_number'])
  })

  test('are never all rows', () => {
    expect(refused(`${HEADER}u,5,x,paid\n`, { badRows: { maxShare: 1, maxRows: 9 } }).code).toBe('quarantine_cap')
  })

  test('are none whose key or structure is broken', () => {
    const error = refused(`${HEADER}${ROW}u2,5,x,paid\n,5,,paid\n${ROW}`, { badRows })
    expect(error).toMatchObject({ code: 'null_not_allowed', details: { column: 'user_id', line: 4 } })
    expect(error.broken.map((rule) => rule.code)).toEqual(['null_not_allowed', 'not_a_number'])
    expect(refused(`${HEADER}${ROW}${ROW}u2,5\n`, { badRows }).code).toBe('ragged_row')
  })
})

describe('the column with the as_of', () => {
  const dated: Partial<SourceContract> = {
    columns: [money.columns[0]!, { name: 'month', type: 'date', optional: false }],
    asOfColumn: 'month',
    badRows: { maxShare: 0.9, maxRows: 9 },
  }

  test('is the date of the delivery in every row', () => {
    const text = 'user_id,month\nu1,2024-01-31\nu2,2024-01-31\n'
    expect(check(text, dated, '2024-01-31').rows).toBe(2)
    expect(refused(text, dated, '2024-02-29')).toMatchObject({
      code: 'as_of_mismatch',
      kind: 'rejected',
      details: { rule: 'month is 2024-02-29 in every row', line: 2, broken: [{ rows: 2 }] },
    })
  })

  test('with two dates refuses the file, whatever may be left out', () => {
    const error = refused('user_id,month\nu1,2024-01-31\nu2,2024-02-29\n', dated, '2024-01-31')
    expect(error).toMatchObject({ code: 'as_of_mismatch', details: { line: 3, value: '2024-02-29' } })
    expect(refused('user_id,month\nu1,31.01.2024\n', dated, '2024-01-31').code).toBe('invalid_date')
  })
})
