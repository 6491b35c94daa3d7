import { atMost, f, quarantineRows, rule } from 'vigie'
import type { ErrorCode } from '../../src/errors.ts'
import type { Accepted, Refused } from './case.ts'
import { type Row, usage } from './files.ts'

/** One value of the second row, which is on line 3. */
function value(
  id: Refused['id'],
  column: keyof Row,
  text: string,
  code: ErrorCode,
  more: Partial<Refused> = {},
): Refused {
  const what = `${column} is ${JSON.stringify(text).slice(0, 60)}`
  return { id, what, files: { 'usage.csv': usage({ 2: { [column]: text } }) }, code, line: 3, column, ...more }
}
const values = (id: Refused['id'], column: keyof Row, code: ErrorCode, texts: readonly string[]) =>
  texts.map((text) => value(id, column, text, code))

export const valuesRefused: readonly Refused[] = [
  ...values('C38', 'hours', 'not_a_number', ['1,5']),
  ...values('C39', 'hours', 'not_a_number', ['1.234,56', '1,234.56', '1 000', '1_000']),
  ...values('C40', 'score', 'out_of_range', ['1e400', '-1e309']),
  ...values('C41', 'score', 'not_finite', ['NaN', 'nan', 'Infinity', '-inf', 'inf']),
  ...values('C42', 'score', 'not_a_number', ['NULL', 'N/A', '-', '?', 'null', ' ']),
  ...values('C42', 'hours', 'null_not_allowed', ['']),
  {
    id: 'C42',
    what: 'more nulls than may be',
    define: { columns: { score: f.optional(f.float(), { maxNullRate: 0.2 }) } },
    code: 'null_rate',
    column: 'score',
    details: { value: '1 of 4 rows' },
  },
  value('C43', 'score', '-1', 'sentinel_value', {
    define: { columns: { score: f.optional(f.float({ sentinels: [-1, 999] })) } },
  }),
  value('C43', 'skips', '999', 'sentinel_value', {
    define: { columns: { skips: f.hold(f.int({ sentinels: [999] })) } },
    held: true,
  }),
  ...values('C44', 'skips', 'out_of_range', ['9007199254740993', '9223372036854775808', '12345678901234567890']),
  ...values('C45', 'skips', 'not_an_integer', ['3.7', '3.0', '1e3']),
  ...values('C46', 'skips', 'not_a_number', ['0x1F', '１２', '+5', '05', ' 5 ']),
  ...values('C47', 'skips', 'out_of_range', ['-1']),
  ...values('C47', 'hours', 'out_of_range', ['-0.001', '744.0000000001', '30000']),
  ...values('C49', 'active', 'not_a_boolean', ['TRUE ', '1', 'yes', 'Y', 't', 'ja', 'on']),
  ...values('C50', 'joined', 'invalid_date', ['01/02/2024', '1.2.2024', '20240201', '2024-2-1', 'Feb 1, 2024']),
  ...values('C51', 'joined', 'invalid_date', ['2024-02-30', '2023-02-29', '2024-13-01', '2024-01-01T00:00:00']),
  ...values('C51', 'seen', 'invalid_date', ['2024-02-30T00:00:00Z', '2024-01-01T24:00:00Z', '2016-12-31T23:59:60Z']),
  ...values('C52', 'seen', 'zone_missing', ['2024-01-01T12:00:00', '2024-01-01 12:00:00.5']),
  ...values('C53', 'local', 'invalid_date', ['2024-03-31T02:30:00']),
  ...values('C53', 'local', 'zone_ambiguous', ['2024-10-27T02:30:00']),
  ...values('C54', 'seen', 'implausible_time', ['1704067200', '1704067200000', '9999-12-31T00:00:00Z']),
  ...values('C54', 'joined', 'implausible_time', ['1704067200']),
  ...values('C55', 'plan', 'category_unknown', ['premium']),
  ...values('C56', 'plan', 'category_unknown', ['BASIC', 'basic ', 'family plan', 'Family  plan']),
  {
    id: 'C43',
    what: 'a rule between columns',
    define: { usage: { rules: [rule('skips are at most the hours', atMost('skips', 'hours'))] } },
    files: { 'usage.csv': usage({ 2: { skips: '99' } }) },
    code: 'row_rule',
    line: 3,
    column: 'skips',
    details: { value: 'skips=99, hours=25.5' },
  },
  {
    id: 'C47',
    what: 'a value out of a range that holds',
    define: { columns: { hours: f.hold(f.float({ max: 744 })) } },
    files: { 'usage.csv': usage({ 2: { hours: '800' } }) },
    code: 'out_of_range',
    line: 3,
    column: 'hours',
    held: true,
  },
  {
    id: 'C47',
    what: 'a rule between columns that holds',
    define: { usage: { rules: [rule('skips are at most the hours', atMost('skips', 'hours'), { severity: 'hold' })] } },
    files: { 'usage.csv': usage({ 3: { skips: '99' } }) },
    code: 'row_rule',
    line: 4,
    column: 'skips',
    held: true,
  },
  {
    id: 'C42',
    what: 'more nulls than may be without a look',
    define: { columns: { score: f.hold(f.optional(f.float(), { maxNullRate: 0.2 })) } },
    code: 'null_rate',
    column: 'score',
    held: true,
  },
  {
    id: 'C44',
    what: 'a value twice where that holds',
    define: { columns: { skips: f.hold(f.unique(f.int())) } },
    files: { 'usage.csv': usage({ 2: { skips: '3' } }) },
    code: 'duplicate_value',
    column: 'skips',
    held: true,
  },
  {
    id: 'C44',
    what: 'a value twice where it is unique',
    define: { columns: { skips: f.unique(f.int()) } },
    files: { 'usage.csv': usage({ 2: { skips: '3' } }) },
    code: 'duplicate_value',
    column: 'skips',
    details: { value: '3' },
  },
  {
    id: 'C44',
    what: 'more broken rows than may be left out',
    define: { usage: { badRows: quarantineRows({ maxShare: 0.25, maxRows: 1 }) } },
    files: { 'usage.csv': usage({ 2: { hours: 'x' }, 3: { skips: 'x' } }) },
    code: 'quarantine_cap',
    details: { value: '2 of 4 rows' },
  },
  {
    id: 'C44',
    what: 'a broken key where rows may be left out',
    define: { usage: { badRows: quarantineRows({ maxShare: 1, maxRows: 9 }) } },
    files: { 'usage.csv': usage({ 2: { user_id: '' } }) },
    code: 'null_not_allowed',
    line: 3,
    column: 'user_id',
  },
]

export const valuesAccepted: readonly Accepted[] = [
  {
    id: 'C40',
    what: 'numbers as they are written',
    files: {
      'usage.csv': usage({
        1: { score: '1e-400' },
        2: { score: '1.7976931348623157e308' },
        3: { score: '5e-324' },
        4: { score: '0.1' },
      }),
    },
    stored: [{ score: '0.0' }, { score: '1.7976931348623157e+308' }, { score: '5e-324' }, { score: '0.1' }],
  },
  {
    id: 'C42',
    what: 'the null token of the contract',
    files: { 'usage.csv': usage({ 1: { score: '', note: 'NULL' } }) },
    stored: [{ score: null, note: 'NULL' }, {}, {}, {}],
  },
  {
    id: 'C44',
    what: 'the largest exact whole number',
    files: { 'usage.csv': usage({ 1: { skips: '9007199254740991' } }) },
    stored: [{ skips: '9007199254740991' }, {}, {}, {}],
  },
  {
    id: 'C48',
    what: 'texts that read like numbers',
    files: { 'usage.csv': usage({ 1: { note: '00123' }, 2: { note: '12345678901234567890' } }) },
    stored: [{ note: '00123' }, { note: '12345678901234567890' }, {}, {}],
  },
  {
    id: 'C52',
    what: 'offsets of several zones',
    files: {
      'usage.csv': usage({
        1: { seen: '2024-01-01T12:00:00+05:30' },
        2: { seen: '2024-01-01T12:00:00.000001-08' },
        3: { local: '2024-07-01T12:00:00' },
      }),
    },
    stored: [
      { seen: '2024-01-01 06:30:00' },
      { seen: '2024-01-01 20:00:00.000001' },
      { local: '2024-07-01 10:00:00' },
      {},
    ],
  },
  {
    id: 'C53',
    what: 'a time that came twice, when it is said which is meant',
    define: { columns: { local: f.timestamp({ zone: 'Europe/Paris', overlap: 'earlier' }) } },
    files: { 'usage.csv': usage({ 1: { local: '2023-10-29T02:30:00', note: 'earlier' } }) },
    stored: [{ local: '2023-10-29 00:30:00' }, {}, {}, {}],
  },
  {
    id: 'C53',
    what: 'the other of them',
    define: { columns: { local: f.timestamp({ zone: 'Europe/Paris', overlap: 'later' }) } },
    files: { 'usage.csv': usage({ 1: { local: '2023-10-29T02:30:00', note: 'later' } }) },
    stored: [{ local: '2023-10-29 01:30:00' }, {}, {}, {}],
  },
  {
    id: 'C44',
    what: 'one broken row, where one may be left out',
    define: { usage: { badRows: quarantineRows({ maxShare: 0.25, maxRows: 1 }) } },
    files: { 'usage.csv': usage({ 2: { hours: 'x' } }) },
    checked: { rows: 3, quarantined: 1 },
    stored: [{ user_id: 'u1' }, { user_id: 'u3' }, { user_id: 'u4' }],
  },
]
