import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { start } from '../program.ts'
import { SMALL_USERS } from '../small-months.ts'
import { preparedHome } from './prepared-home.ts'

const prepared = preparedHome()
const { ask, say } = prepared

/** A delivery for April that is right but for what `change` does to one file. */
function april(name: string, file: string, change: (text: string) => string | null): string {
  const dir = path.join(prepared.folder, name)
  cpSync(path.join(prepared.months, 'month_001'), dir, { recursive: true })
  const delivered = path.join(dir, file)
  const changed = change(readFileSync(delivered, 'utf8'))
  if (changed === null) rmSync(delivered)
  else writeFileSync(delivered, changed)
  return dir
}

/** Changes one line; the first line of a file is 1. */
const line = (number: number, change: (text: string) => string) => (text: string) =>
  text
    .split('\n')
    .map((row, i) => (i === number - 1 ? change(row) : row))
    .join('\n')

const fields = (row: string) => row.split(',')

describe('a delivery that is wrong ends with 3, says where and what to do, and changes no store:', () => {
  let before: unknown
  beforeAll(async () => {
    before = await prepared.state()
  })

  const faults: readonly [string, string, (text: string) => string | null, object][] = [
    ['a missing file', 'labels.csv', () => null, { code: 'file_missing', file: 'labels.csv' }],
    [
      'a header that differs',
      'usage_agg_30d.csv',
      line(1, (header) => header.replace('skips_7d', 'skips_14d')),
      { code: 'column_missing', file: 'usage_agg_30d.csv', line: 1, column: 'skips_7d' },
    ],
    [
      'a ragged row',
      'payments_agg_90d.csv',
      line(4, (row) => fields(row)[0]!),
      { code: 'ragged_row', file: 'payments_agg_90d.csv', line: 4, value: '1 field' },
    ],
    [
      'a wrong type',
      'support_agg_90d.csv',
      line(3, (row) => row.replace(/,\d+/, ',two')),
      { code: 'not_a_number', file: 'support_agg_90d.csv', line: 3, value: 'two', column: 'support_tickets_90d' },
    ],
    [
      'a duplicate key',
      'labels.csv',
      (text) => `${text.trimEnd()}\n${text.split('\n')[1]}\n`,
      { code: 'duplicate_key', file: 'labels.csv' },
    ],
    [
      'an unknown user',
      'usage_agg_30d.csv',
      line(2, (row) => row.replace(/^[^,]+/, '9999-ZZZZZ')),
      { code: 'entity_unknown', file: 'usage_agg_30d.csv', value: '9999-ZZZZZ' },
    ],
  ]
  it.each(faults)('%s', async (what, file, change, error) => {
    const { status, json, stderr } = await ask('ingest', april(what, file, change), '--as-of', '2024-04-30')
    expect({ status, error: json.error }).toMatchObject({
      status: 3,
      error: { ...error, rule: expect.any(String), hint: expect.any(String) },
    })
    expect(stderr).toContain(`Next: `)
    expect(await prepared.state()).toEqual(before)
  })

  it('all that is wrong at once, in words', async () => {
    const dir = april('two faults', 'labels.csv', () => null)
    writeFileSync(path.join(dir, 'users.csv'), '')
    const { status, stdout, stderr } = await say('ingest', dir, '--as-of', '2024-04-30')
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' })
    expect(stderr).toMatch(/empty_file[\s\S]*also +labels.csv is not in[\s\S]*Next: /)
  })

  it.each([
    ['2024-04-29', 2, 'as_of_not_month_end'],
    ['2999-12-31', 3, 'future_time'],
  ])('a date that cannot be: %s', async (date, status, code) => {
    const dir = path.join(prepared.months, 'month_001')
    expect(await ask('ingest', dir, '--as-of', date)).toMatchObject({ status, json: { error: { code } } })
    expect(await prepared.state()).toEqual(before)
  })

  it('run of a refused delivery has it in its outcome, and the mended one is taken', async () => {
    const dir = april('april', 'usage_agg_30d.csv', (text) => text.slice(0, -20))
    const refused = await ask('run', dir, '--as-of', '2024-04-30')
    expect(refused).toMatchObject({
      status: 3,
      json: {
        asOf: '2024-04-30',
        ingest: { rejected: { code: 'ragged_row', file: 'usage_agg_30d.csv', line: SMALL_USERS + 1 } },
        drift: null,
        comparison: null,
        decision: null,
      },
    })
    cpSync(path.join(prepared.months, 'month_001/usage_agg_30d.csv'), path.join(dir, 'usage_agg_30d.csv'))
    expect(await ask('run', dir, '--as-of', '2024-04-30')).toMatchObject({
      status: 0,
      json: { ingest: { rows: SMALL_USERS } },
    })
  })
})

it('other content for a date is refused, and taken as a correction: a new version, known from now', async () => {
  const dir = path.join(prepared.months, 'month_002_resent')
  const before = await prepared.state()
  const refused = await ask('ingest', dir, '--as-of', '2024-02-29')
  expect(refused).toMatchObject({
    status: 3,
    json: { error: { code: 'already_ingested_differently', hint: expect.stringContaining('--correction') } },
  })
  expect(await prepared.state()).toEqual(before)
  const corrected = await ask('ingest', dir, '--as-of', '2024-02-29', '--correction')
  expect(corrected).toMatchObject({ status: 0, json: { asOf: '2024-02-29', version: 2, already: false } })
  expect(await ask('ingest', dir, '--as-of', '2024-02-29', '--correction')).toMatchObject({
    status: 0,
    json: { version: 2, already: true },
  })
})

it('a month that stays refused ends npm start with 3, and the months after it are taken', async () => {
  const months = path.join(prepared.folder, 'one stays out')
  cpSync(prepared.months, months, { recursive: true })
  rmSync(path.join(months, 'month_002_resent'), { recursive: true })
  cpSync(path.join(months, 'month_001'), path.join(months, 'month_003'), { recursive: true })
  const { status, stdout } = await start(['--once', '--json', '--home', prepared.home, '--data', months]).ended
  const taken = JSON.parse(stdout).months.map((month: { asOf: string; ingest: object }) => [
    month.asOf,
    Object.keys(month.ingest),
  ])
  expect({ status, taken }).toEqual({
    status: 3,
    taken: [
      ['2024-01-31', ['rows', 'snapshot']],
      ['2024-02-29', ['rows', 'snapshot']],
      ['2024-03-31', ['rejected']],
      ['2024-04-30', ['rows', 'snapshot']],
    ],
  })
})

it('a delivery that looks wrong is held with 3, and taken when its code is approved, by whom is recorded', async () => {
  const dir = path.join(prepared.folder, 'half of the labels')
  cpSync(path.join(prepared.months, 'month_001'), dir, { recursive: true })
  const labels = readFileSync(path.join(dir, 'labels.csv'), 'utf8').trimEnd().split('\n')
  writeFileSync(path.join(dir, 'labels.csv'), `${labels.slice(0, labels.length / 3).join('\n')}\n`)
  const ingest = (...more: readonly string[]) => ask('ingest', dir, '--as-of', '2024-05-31', ...more)
  const held = await ingest()
  expect(held).toMatchObject({
    status: 3,
    json: { error: { code: 'volume_gate', severity: 'hold', hint: expect.stringContaining('--approve volume_gate') } },
  })
  expect(readFileSync(held.json.error.report, 'utf8')).toContain('kept back until somebody approves it')
  expect(await ingest('--approve', 'volume_gait')).toMatchObject({ status: 2, json: { error: { code: 'wrong_use' } } })
  expect(await ingest('--approve', 'unit_change')).toMatchObject({ status: 3 })
  expect(await ingest('--approve', 'unit_change,volume_gate')).toMatchObject({
    status: 0,
    json: { already: false, approvals: { codes: ['volume_gate'], actor: expect.stringMatching(/^cli:/) } },
  })
})
