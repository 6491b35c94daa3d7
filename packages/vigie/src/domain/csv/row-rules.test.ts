import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { atMost, equal, lessThan, notEqual, requires, rule, value } from '../../define/row-rules.ts'
import type { BrokenRule, RowRule, SourceContract } from '../contract.ts'
import { CsvCheck } from './csv-check.ts'
import { readNumber } from './numbers.ts'

const contract: SourceContract = {
  name: 'bills',
  key: 'user_id',
  eventTime: null,
  createdTime: null,
  columns: [
    { name: 'user_id', type: 'string', optional: false },
    { name: 'fee', type: 'float', optional: true },
    { name: 'refund', type: 'int', optional: true },
    { name: 'begun', type: 'date', optional: true },
    { name: 'ended', type: 'date', optional: true },
    { name: 'seen', type: 'timestamp', optional: true, zone: 'Europe/Paris' },
    { name: 'paid', type: 'timestamp', optional: true },
    { name: 'plan', type: 'category', optional: true, categories: ['free', 'gold'] },
    { name: 'wanted', type: 'category', optional: true, categories: ['gold', 'free'] },
    { name: 'active', type: 'boolean', optional: true },
    { name: 'note', type: 'string', optional: true },
  ],
  unused: [],
  extra: 'reject',
  nulls: [''],
  booleans: { true: ['Y'], false: ['N'] },
  listedIn: null,
}
const NAMES = contract.columns.map((column) => column.name)

function brokenBy(row: Record<string, string>, rules: readonly RowRule[], more: Partial<SourceContract> = {}) {
  const check = new CsvCheck({ ...contract, ...more, rules })
  // Another order than the contract's, so that places and names are not mixed up.
  const header = NAMES.toReversed()
  check.push(
    Buffer.from(`${header.join()}\n${header.map((name) => row[name] ?? (name === 'user_id' ? 'u1' : '')).join()}\n`),
  )
  try {
    return check.end().held
  } catch (error) {
    return (error as { details: { broken: BrokenRule[] } }).details.broken
  }
}
const holds = (row: Record<string, string>, that: RowRule['that'], when?: RowRule['that']) =>
  brokenBy(row, [rule('r', that, when && when.kind !== 'requires' ? { when } : {})]).length === 0

describe('a rule between columns', () => {
  test.each([
    ['a number below another', lessThan('fee', 'refund'), { fee: '1.5', refund: '2' }, { fee: '2.0', refund: '2' }],
    ['a number at most another', atMost('refund', 'fee'), { fee: '2', refund: '2' }, { fee: '1.999', refund: '2' }],
    ['a number at most a constant', atMost('fee', 9.5), { fee: '9.50' }, { fee: '9.500000000000002' }],
    ['a number that is a constant', equal('fee', 0), { fee: '-0.0' }, { fee: '0.1' }],
    ['a number that is not', notEqual('refund', -1), { refund: '1' }, { refund: '-1' }],
    [
      'dates in order',
      lessThan('begun', 'ended'),
      { begun: '2023-12-31', ended: '2024-01-01' },
      { begun: '2024-01-01', ended: '2024-01-01' },
    ],
    ['a date and a constant', atMost('begun', value('2024-02-29')), { begun: '2024-02-29' }, { begun: '2024-03-01' }],
    [
      'instants, whatever their clocks say',
      atMost('seen', 'paid'),
      { seen: '2024-07-01T02:00:00', paid: '2024-07-01T00:00:00Z' },
      { seen: '2024-07-01T02:00:00.000001', paid: '2024-07-01T00:00:00Z' },
    ],
    [
      'an instant and a constant',
      lessThan('paid', value('2024-07-01T00:00:00+02:00')),
      { paid: '2024-06-30T21:59:59Z' },
      { paid: '2024-06-30T22:00:00Z' },
    ],
    [
      'categories of two columns',
      equal('plan', 'wanted'),
      { plan: 'gold', wanted: 'gold' },
      { plan: 'gold', wanted: 'free' },
    ],
    ['a category and a constant', notEqual('plan', value('free')), { plan: 'gold' }, { plan: 'free' }],
    ['a boolean', equal('active', true), { active: 'Y' }, { active: 'N' }],
    ['a value that another needs', requires('refund', 'fee'), { refund: '1', fee: '1' }, { refund: '1' }],
    ['text that another needs', requires('refund', 'note'), { refund: '1', note: 'x' }, { refund: '1' }],
  ] as const)('%s', (_what, that, good, bad) => {
    expect(holds(good as Record<string, string>, that)).toBe(true)
    expect(holds(bad as Record<string, string>, that)).toBe(false)
  })

  test.each([
    lessThan('fee', 'refund'),
    atMost('fee', 0),
    equal('plan', 'wanted'),
    notEqual('plan', value('free')),
    requires('fee', 'refund'),
  ])('holds of nulls: %o', (that) => expect(holds({}, that)).toBe(true))

  test('is asked only where its condition is true', () => {
    const free = equal('plan', value('free'))
    expect(holds({ plan: 'free', fee: '0' }, equal('fee', 0), free)).toBe(true)
    expect(holds({ plan: 'free', fee: '1' }, equal('fee', 0), free)).toBe(false)
    expect(holds({ plan: 'gold', fee: '1' }, equal('fee', 0), free)).toBe(true)
    expect(holds({ fee: '1' }, equal('fee', 0), free)).toBe(true)
  })

  test('says which row breaks it, and with what', () => {
    const rules = [rule('refunds are at most the fee', atMost('refund', 'fee'), { when: equal('active', true) })]
    expect(brokenBy({ fee: '1.50', refund: '2', active: 'Y' }, rules)).toEqual([
      {
        code: 'row_rule',
        source: 'bills',
        column: 'refund',
        rule: 'refunds are at most the fee',
        severity: 'reject',
        text: '"refunds are at most the fee" is broken by refund=2, fee=1.5, active=true',
        value: 'refund=2, fee=1.5, active=true',
        rows: 1,
        examples: [{ line: 2, value: 'refund=2, fee=1.5, active=true' }],
      },
    ])
    const shown = [rule('all', equal('begun', 'ended'), { when: equal('plan', 'wanted'), severity: 'hold' })]
    expect(brokenBy({ begun: '2024-01-01', ended: '2024-01-02', plan: 'gold', wanted: 'gold' }, shown)).toMatchObject([
      { severity: 'hold', value: 'begun=2024-01-01, ended=2024-01-02, plan=gold, wanted=gold' },
    ])
  })

  test('is not asked of a row whose values are wrong', () => {
    const codes = brokenBy({ fee: 'x', refund: '1' }, [rule('r', requires('refund', 'fee'))]).map(
      (broken) => broken.code,
    )
    expect(codes).toEqual(['not_a_number'])
  })

  test('leaves the rows out that break it, where they may be', () => {
    const check = new CsvCheck({
      ...contract,
      columns: contract.columns.slice(0, 3),
      rules: [rule('r', atMost('refund', 'fee'))],
      badRows: { maxShare: 0.5, maxRows: 1 },
    })
    check.push(Buffer.from('user_id,fee,refund\nu1,1,1\nu2,1,2\n'))
    expect(check.end()).toMatchObject({ rows: 1, quarantined: { rows: 1, ranges: Float64Array.of(26, 33) } })
  })
})

test('a number is read as the nearest float64, without a text where it is short', () => {
  const decimal = fc.stringMatching(/^-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,12})?([eE][-+]?[0-9]{1,3})?$/)
  const any = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)
  fc.assert(
    fc.property(fc.oneof(decimal, any), (text) => {
      const bytes = Buffer.from(`9${text}9`)
      expect(readNumber(bytes, 1, bytes.length - 1)).toBe(Number(text))
    }),
    { seed: 5, numRuns: 5000 },
  )
})
