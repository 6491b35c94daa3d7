import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { f } from 'vigie'
import type { Accepted, Refused } from './case.ts'
import { filesOf, usage } from './files.ts'

const row = (number: number) => usage().split('\n')[number]!
const more = (...lines: readonly string[]) => ({
  'usage.csv': `${usage()}${lines.map((line) => `${line}\n`).join('')}`,
})
const dated = (...months: readonly string[]) => ({
  'usage.csv': usage()
    .trimEnd()
    .split('\n')
    .map((line, i) => `${line},${i === 0 ? 'month' : months[(i - 1) % months.length]}\n`)
    .join(''),
})
const monthly = { usage: { asOfColumn: 'month' } }
const logins = (...rows: readonly string[]) => ({
  'logins.csv': `user_id,device,at\n${rows.map((r) => `${r}\n`).join('')}`,
})
const manifest = (content: unknown) => async (dir: string) =>
  writeFile(path.join(dir, 'manifest.json'), JSON.stringify(content))

export const keysRefused: readonly Refused[] = [
  {
    id: 'C60',
    what: 'a row twice',
    files: more(row(2)),
    code: 'duplicate_key',
    column: 'user_id',
    details: { value: 'u2', lines: [3, 6] },
  },
  {
    id: 'C61',
    what: 'a key with two values',
    files: more(row(2).replace('25.5', '99')),
    code: 'duplicate_key',
    column: 'user_id',
    details: { value: 'u2', lines: [3, 6] },
  },
  {
    id: 'C62',
    what: 'a key in two normal forms',
    files: filesOf(['e\u0301', '\u00e9', 'u3', 'u4']),
    file: 'users.csv',
    code: 'duplicate_after_normalisation',
    details: { lines: [2, 3] },
  },
  {
    id: 'C62',
    what: 'a key in another case than in the list',
    files: { 'usage.csv': usage({ 2: { user_id: 'U2' } }) },
    code: 'entity_unknown',
    details: { value: 'U2' },
  },
  {
    id: 'C63',
    what: 'rows of another month than the delivery',
    files: dated('2024-01-31'),
    define: monthly,
    code: 'as_of_mismatch',
    line: 2,
    column: 'month',
    details: { value: '2024-01-31' },
  },
  {
    id: 'C63',
    what: 'a manifest of another month',
    prepare: manifest({ asOf: '2024-01-31', files: {} }),
    code: 'as_of_mismatch',
    file: null,
  },
  { id: 'C63', what: 'a date inside a month', asOf: '2024-02-28', code: 'as_of_not_month_end', exit: 2, file: null },
  { id: 'C63', what: 'a date before the history', asOf: '2023-12-31', code: 'as_of_before_first', exit: 2, file: null },
  {
    id: 'C64',
    what: 'two months in one file',
    files: dated('2024-02-29', '2024-03-31'),
    define: monthly,
    code: 'as_of_mismatch',
    line: 3,
    column: 'month',
    details: { value: '2024-03-31' },
  },
  { id: 'C65', what: 'a date that is not over', asOf: '2999-12-31', code: 'future_time', file: null },
  {
    id: 'C65',
    what: 'an event of the future',
    define: { events: true },
    files: logins('u1,web,2024-02-01T00:00:00Z', 'u1,web,2199-01-01T00:00:00Z'),
    file: 'logins.csv',
    code: 'future_time',
  },
  {
    id: 'C66',
    what: 'an event after the end of the date',
    define: { events: true },
    files: logins('u1,web,2024-02-29T23:59:59.999999Z', 'u1,web,2024-03-01T00:00:00Z'),
    file: 'logins.csv',
    code: 'after_cutoff',
  },
  {
    id: 'C60',
    what: 'an event twice',
    define: { events: true },
    files: logins('u1,web,2024-02-01T00:00:00Z', 'u1,app,2024-02-01T01:00:00+01:00'),
    file: 'logins.csv',
    code: 'duplicate_key',
  },
]

export const keysAccepted: readonly Accepted[] = [
  {
    id: 'C62',
    what: 'keys that differ in case are two keys',
    files: filesOf(['u1', 'U1', 'u3', 'u4']),
    stored: [{ user_id: 'U1' }, { user_id: 'u1' }, {}, {}],
  },
  {
    id: 'C63',
    what: 'rows of the month',
    files: dated('2024-02-29'),
    define: monthly,
    stored: [{ month: '2024-02-29' }, {}, {}, {}],
  },
  {
    id: 'C66',
    what: 'events up to the end of the date',
    define: { events: true },
    files: logins(
      'u1,web,2024-01-01T00:00:00Z',
      'u1,web,2024-02-29T23:59:59.999999Z',
      'u2,web,2024-03-01T01:59:59+02:00',
    ),
  },
  { id: 'C44', what: 'values that are unique', define: { columns: { skips: f.unique(f.int()) } } },
]
