import { open } from 'node:fs/promises'
import path from 'node:path'
import type { Accepted, Refused } from './case.ts'
import { COLUMNS, HEADER, usage } from './files.ts'

const bare = usage().slice(HEADER.length + 1)
const reordered = (text: string) =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : line.split(',').toReversed().join()))
    .join('\n')
const headed = (header: string) => ({ 'usage.csv': `${header}\n${bare}` })
const everywhere = (from: string, to: string) => ({ 'usage.csv': usage().replaceAll(from, to) })
const rowsAfter = (row: number, ...lines: readonly string[]) => {
  const all = usage().split('\n')
  all.splice(row + 1, 0, ...lines)
  return { 'usage.csv': all.join('\n') }
}
const longer = (from: number) => ({
  'usage.csv': usage()
    .split('\n')
    .map((line, i) => (line !== '' && i >= from ? `${line},7` : line))
    .join('\n'),
})

export const structureRefused: readonly Refused[] = [
  { id: 'C17', what: 'no bytes', files: { 'usage.csv': '' }, code: 'empty_file' },
  { id: 'C18', what: 'only a header', files: { 'usage.csv': `${HEADER}\n` }, code: 'no_rows' },
  { id: 'C19', what: 'only empty lines', files: { 'usage.csv': '\n\n\n' }, code: 'empty_file' },
  { id: 'C19', what: 'only blanks', files: { 'usage.csv': '   \n  \n' }, code: 'blank_row', line: 1 },
  { id: 'C20', what: 'no header', files: { 'usage.csv': bare }, code: 'header_missing', line: 1 },
  {
    id: 'C22',
    what: 'a column twice',
    files: headed(`${HEADER},hours`),
    code: 'duplicate_column',
    line: 1,
    details: { value: 'hours' },
  },
  {
    id: 'C23',
    what: 'a column in capitals',
    files: headed(HEADER.replace('hours', 'Hours')),
    code: 'column_missing',
    line: 1,
    column: 'hours',
  },
  {
    id: 'C23',
    what: 'a column with a blank',
    files: headed(HEADER.replace('hours', ' hours')),
    code: 'column_missing',
    line: 1,
    column: 'hours',
  },
  {
    id: 'C24',
    what: 'a column that is missing',
    files: { 'usage.csv': usage().replaceAll(/,[^,\n]*$/gm, '') },
    code: 'column_missing',
    line: 1,
    column: 'note',
  },
  {
    id: 'C25',
    what: 'a column that nobody knows',
    files: headed(`${HEADER},age`),
    code: 'column_unexpected',
    line: 1,
    column: 'age',
  },
  { id: 'C26', what: 'a short row', files: { 'usage.csv': usage({ 2: 'u2,1,2' }) }, code: 'ragged_row', line: 3 },
  { id: 'C27', what: 'a long row', files: { 'usage.csv': `${usage().trimEnd()},7\n` }, code: 'ragged_row', line: 5 },
  { id: 'C28', what: 'a column added half way', files: longer(3), code: 'ragged_row', line: 4 },
  { id: 'C29', what: 'semicolons', files: everywhere(',', ';'), code: 'delimiter', line: 1 },
  { id: 'C29', what: 'tabs', files: everywhere(',', '\t'), code: 'delimiter', line: 1 },
  {
    id: 'C30',
    what: 'a quote that is never closed',
    files: everywhere('note 1', '"note 1'),
    code: 'unclosed_quote',
    line: 3,
  },
  {
    id: 'C31',
    what: 'a stray quote',
    files: everywhere('note 1', 'no"te'),
    code: 'stray_quote',
    line: 3,
    column: 'note',
  },
  { id: 'C31', what: 'text behind quotes', files: everywhere('note 1', '"note" 1'), code: 'stray_quote', line: 3 },
  {
    id: 'C33',
    what: 'a comment before the header',
    files: { 'usage.csv': `# made by hand\n${usage()}` },
    code: 'header_missing',
    line: 1,
  },
  { id: 'C33', what: 'a comment among the rows', files: rowsAfter(1, '# checked'), code: 'ragged_row', line: 3 },
  { id: 'C34', what: 'an empty line between rows', files: rowsAfter(1, ''), code: 'blank_row', line: 3 },
  { id: 'C35', what: 'two files put together', files: rowsAfter(2, HEADER), code: 'repeated_header', line: 4 },
  {
    id: 'C36',
    what: '10,000 columns',
    files: headed(Array.from({ length: 10_000 }, (_, i) => `c${i}`).join()),
    code: 'too_many_columns',
    line: 1,
  },
  {
    id: 'C37',
    what: 'a field of 64 KB and a byte',
    files: { 'usage.csv': usage({ 2: { note: 'x'.repeat(65_537) } }) },
    code: 'field_too_long',
    line: 3,
    column: 'note',
  },
  {
    id: 'C37',
    what: 'a key of 257 characters',
    files: { 'usage.csv': usage({ 2: { user_id: 'u'.repeat(257) } }) },
    code: 'field_too_long',
    line: 3,
    column: 'user_id',
  },
  {
    id: 'C37',
    what: 'one field of 200 MB',
    prepare: async (dir) => {
      const file = await open(path.join(dir, 'usage.csv'), 'w')
      try {
        await file.write(`${HEADER}\n`)
        for (let i = 0; i < 200; i++) await file.write(Buffer.alloc(1e6, 'x'))
      } finally {
        await file.close()
      }
    },
    code: 'field_too_long',
    line: 2,
    column: 'user_id',
  },
]

export const structureAccepted: readonly Accepted[] = [
  {
    id: 'C21',
    what: 'columns in another order',
    files: { 'usage.csv': reordered(usage()) },
    checked: { header: COLUMNS.toReversed() },
    stored: [
      { user_id: 'u1', hours: '24.5', score: '0.25', skips: '0' },
      { user_id: 'u2', hours: '25.5', plan: 'Family plan' },
      {},
      { joined: '2023-04-15' },
    ],
  },
  {
    id: 'C25',
    what: 'a column that nobody knows, where they are kept',
    define: { usage: { extra: 'keep' } },
    files: {
      'usage.csv': usage()
        .replace(HEADER, `${HEADER},age`)
        .replaceAll(/(note \d)/g, '$1,old'),
    },
    stored: [{ age: 'old' }, {}, {}, {}],
  },
  {
    id: 'C32',
    what: 'quoted newlines, commas and quotes',
    files: { 'usage.csv': usage({ 2: { note: 'a,b\n"c"\r\nd' } }) },
    stored: [{}, { note: 'a,b\n"c"\r\nd' }, { note: 'note 2' }, {}],
  },
  { id: 'C34', what: 'empty lines at the end', files: { 'usage.csv': `${usage()}\n\n` }, checked: { rows: 4 } },
  {
    id: 'C37',
    what: 'a field of 64 KB',
    files: { 'usage.csv': usage({ 2: { note: 'x'.repeat(65_536) } }) },
    stored: [{}, { note: 'x'.repeat(65_536) }, {}, {}],
  },
]
