import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { preparedHome } from '../cli/prepared-home.ts'

const prepared = preparedHome()
const APRIL = ['--as-of', '2024-04-30'] as const
let before: unknown
beforeAll(async () => {
  before = await prepared.state()
})

/** A copy of the second month in which something is wrong. */
function april(name: string, spoil: (dir: string) => void): string {
  const dir = path.join(prepared.folder, name)
  cpSync(path.join(prepared.months, 'month_001'), dir, { recursive: true })
  spoil(dir)
  return dir
}
const rewrite = (file: string, change: (text: string) => string) => (dir: string) =>
  writeFileSync(path.join(dir, file), change(readFileSync(path.join(dir, file), 'utf8')))
const firstValue = (value: string) => (text: string) => text.replace(/\n([^,]+),[^,\n]*/, `\n$1,${value}`)

describe('the command ends as the kind of fault says, and changes no store:', () => {
  test.each([
    [
      'C38 rejected',
      april.bind(null, 'C38', rewrite('payments_agg_90d.csv', firstValue('"1,5"'))),
      APRIL,
      3,
      'not_a_number',
    ],
    [
      'C36 a limit',
      april.bind(
        null,
        'C36',
        rewrite('labels.csv', () => Array.from({ length: 2000 }, (_, i) => `c${i}`).join()),
      ),
      APRIL,
      3,
      'too_many_columns',
    ],
    [
      'C81 integrity',
      april.bind(null, 'C81', (dir) => {
        renameSync(path.join(dir, 'labels.csv'), path.join(dir, 'aside'))
        symlinkSync('aside', path.join(dir, 'labels.csv'))
      }),
      APRIL,
      3,
      'not_a_regular_file',
    ],
    ['C84 missing', april.bind(null, 'C84', (dir) => rmSync(path.join(dir, 'labels.csv'))), APRIL, 3, 'file_missing'],
    [
      'C70 a conflict',
      april.bind(null, 'C70', rewrite('payments_agg_90d.csv', firstValue('7'))),
      ['--as-of', '2024-02-29'],
      3,
      'already_ingested_differently',
    ],
    ['C63 wrong use', april.bind(null, 'C63', () => undefined), ['--as-of', '2024-04-29'], 2, 'as_of_not_month_end'],
  ] as const)('%s', async (_what, dir, date, status, code) => {
    expect(await prepared.ask('ingest', dir(), ...date)).toMatchObject({ status, json: { error: { code } } })
    expect(await prepared.state()).toEqual(before)
  })
})

test('C8, C95 what a file holds cannot steer the terminal or forge a line', async () => {
  const ESCAPES = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e'
  const dir = april('C95', rewrite('payments_agg_90d.csv', firstValue(`"${ESCAPES}\nINFO all is well"`)))
  const { status, stdout, stderr } = await prepared.say('ingest', dir, ...APRIL)
  expect(status).toBe(3)
  expect(stderr).toContain('not_a_number')
  expect(stderr).toContain('\\u{1b}[2J')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come out
  expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  expect(`${stdout}${stderr}`).not.toMatch(/^INFO/m)
  const { json } = await prepared.ask('ingest', dir, ...APRIL)
  expect(json.error.value).toBe('\\u{1b}[2J\\u{1b}]0;owned\\u{7}\\u{9b}31m\\u{202e}\\nINFO all is well')
})
