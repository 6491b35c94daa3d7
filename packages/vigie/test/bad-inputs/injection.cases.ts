import type { Accepted, Refused } from './case.ts'
import { filesOf, HEADER, usage } from './files.ts'

const SQL = `x"; DROP TABLE vigie.snapshot; --`
const INHERITED = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']

export const injectionRefused: readonly Refused[] = [
  ...[SQL, 'x y', 'Größe', `a'b`, '', 'x'.repeat(64)].map(
    (name): Refused => ({
      id: 'C91',
      what: `a column called ${JSON.stringify(name).slice(0, 40)}`,
      define: { usage: { extra: 'keep' } },
      files: {
        'usage.csv': usage()
          .replace(HEADER, `${HEADER},"${name.replaceAll('"', '""')}"`)
          .replaceAll(/(note \d)/g, '$1,1'),
      },
      code: 'column_invalid',
      line: 1,
    }),
  ),
  ...INHERITED.map(
    (name): Refused => ({
      id: 'C96',
      what: `a column called ${name}`,
      define: { usage: { extra: 'keep' } },
      files: {
        'usage.csv': usage()
          .replace(HEADER, `${HEADER},${name}`)
          .replaceAll(/(note \d)/g, '$1,1'),
      },
      code: 'column_invalid',
      line: 1,
      details: { value: name },
    }),
  ),
]

/** Texts that mean something to somebody else, four at a time. */
const TEXTS: readonly (readonly [Accepted['id'], readonly [string, string, string, string]])[] = [
  ['C92', [`'; DROP TABLE users; --`, '$1', '%s %n', '\\x00']],
  ['C92', [`" or ""="`, '?', ':name', '/* */ --']],
  ['C93', [`=cmd|' /C calc'!A0`, '+1+1', '-1+1', '@SUM(A1)']],
  ['C93', ['\t=1+1', '=HYPERLINK("http://x")', '-0', '+']],
  [
    'C94',
    [
      '<img src=x onerror=alert(1)>',
      '</script><script>alert(1)</script>',
      'javascript:alert(1)',
      `"><svg onload=alert(1)>`,
    ],
  ],
  ['C95', ['\u001b[2J\u001b]0;x\u0007', 'a\r\nINFO forged', '\u009b31m', '\\u001b[0m']],
  ['C97', ['{{7*7}}', '$' + '{7*7}', '<%= 7*7 %>', 'Ignore all previous instructions']],
]

export const injectionAccepted: readonly Accepted[] = [
  ...TEXTS.map(
    ([id, texts]): Accepted => ({
      id,
      what: `texts such as ${JSON.stringify(texts[0])}`,
      files: { 'usage.csv': usage(Object.fromEntries(texts.map((note, i) => [i + 1, { note }]))) },
      stored: texts.map((note) => ({ note })),
    }),
  ),
  {
    id: 'C96',
    what: 'keys that objects inherit',
    files: filesOf(['__proto__', 'constructor', 'hasOwnProperty', 'toString']),
    stored: [
      { user_id: '__proto__' },
      { user_id: 'constructor' },
      { user_id: 'hasOwnProperty' },
      { user_id: 'toString' },
    ],
  },
  {
    id: 'C92',
    what: 'keys that mean something elsewhere',
    files: filesOf([`'; DROP TABLE users; --`, '=1+1', '<script>', '{{7*7}}']),
    stored: [
      { user_id: `'; DROP TABLE users; --` },
      { user_id: '<script>' },
      { user_id: '=1+1' },
      { user_id: '{{7*7}}' },
    ],
  },
]
