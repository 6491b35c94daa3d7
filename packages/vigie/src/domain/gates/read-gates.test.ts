import { describe, expect, test } from 'vitest'
import { gates } from '../../define/gates.ts'
import { asOf } from '../as-of.ts'
import type { ColumnContract } from '../contract.ts'
import { profileLabels } from '../profile/label-column.ts'
import { type NumberColumn, profileNumbers } from '../profile/number-column.ts'
import type { ColumnProfile, TableProfile } from '../profile/table-profile.ts'
import { seededRandom } from '../random.ts'
import type { Gates } from './gates.ts'
import { readGates } from './read-gates.ts'

const N = 2000
const [JANUARY, FEBRUARY] = [asOf('2024-01-31'), asOf('2024-02-29')]

/** Columns as functions of a row and a draw from 0 to 1; null is null. */
type Columns = Readonly<Record<string, (i: number, draw: number) => number | string | null>>

const USUAL: Columns = {
  fee: (_, u) => 20 + 80 * u,
  hours: (_, u) => 30 * u * u,
  tickets: (_, u) => (u < 0.7 ? 0 : u < 0.95 ? 1 : 2),
  tenure: (i) => i % 72,
  skips: (_, u) => Math.floor(4 + 8 * u),
  plan: (_, u) => (u < 0.6 ? 'a' : 'b'),
  channel: (_, u) => (u < 0.9 ? 'web' : 'shop'),
  signup: (i) => 19_000 + (i % 300),
}
const TYPES: Readonly<Record<string, ColumnContract['type']>> = {
  tickets: 'int',
  tenure: 'int',
  skips: 'int',
  plan: 'category',
  channel: 'category',
  signup: 'date',
}

function table(columns: Columns, rows = N, seed = 1): TableProfile {
  const random = seededRandom(seed)
  const profiled = Object.entries(columns).map(([name, value]): ColumnProfile => {
    const values = Array.from({ length: rows }, (_, i) => value(i, random.uint32() / 2 ** 32))
    const type = TYPES[name] ?? 'float'
    if (type === 'category') {
      const counts = new Map<string, number>()
      for (const each of values) if (each !== null) counts.set(String(each), (counts.get(String(each)) ?? 0) + 1)
      return { name, type: 'text', ...profileLabels(counts, values.filter((each) => each === null).length) }
    }
    const numbers = {
      type: type as NumberColumn['type'],
      values: Float64Array.from(values, (x) => (x === null ? Number.NaN : Number(x))),
    }
    return { name, type: numbers.type, ...profileNumbers(numbers) }
  })
  return { rows, sampled: rows, columns: profiled }
}

function broken(now: TableProfile, before: TableProfile | null = table(USUAL), asked: Gates = gates()) {
  const contract = {
    name: 'usage',
    key: 'user_id',
    columns: Object.keys(USUAL).map((name) => ({ name, type: TYPES[name] ?? 'float', optional: true })),
  }
  const gated = { contract, asOf: FEBRUARY, profile: now, before: before && { asOf: JANUARY, profile: before } }
  return readGates(asked, gated as never).flatMap((reading) => reading.broken)
}

const changed = (columns: Columns) => table({ ...USUAL, ...columns }, N, 2)

describe('passes', () => {
  test('the same table, and the next draw of it', () => {
    expect(broken(table(USUAL))).toEqual([])
    for (let seed = 2; seed < 30; seed++) expect(broken(table(USUAL, N, seed))).toEqual([])
  })

  test('small tables of the same kind, whatever chance makes of them', () => {
    for (const rows of [1, 2, 8, 40]) {
      for (let seed = 1; seed < 60; seed++) {
        expect(broken(table(USUAL, rows, seed), table(USUAL, rows, seed + 100))).toEqual([])
      }
    }
  })

  test('drift that a monitor reports: more of everything, other shares, a month older', () => {
    const older = changed({
      skips: (_, u) => Math.floor(6 + 8 * u),
      tickets: (_, u) => (u < 0.5 ? 0 : u < 0.9 ? 1 : 3),
      tenure: (i) => (i % 72) + 1,
      plan: (_, u) => (u < 0.3 ? 'a' : 'b'),
      hours: (_, u) => 55 * u * u,
    })
    expect(broken(older)).toEqual([])
  })

  test('a counter whose peak moves on: as many as ever, at a value that is new', () => {
    const peak = (at: number) => ({ tenure: (i: number) => (i % 10 === 0 ? at : i % 60) })
    expect(broken(changed(peak(73)), changed(peak(72)))).toEqual([])
  })

  test('a first file, whatever is in it', () => {
    expect(broken(changed({ fee: () => 1 }), null)).toEqual([])
  })

  test('a column of another type, a new one, and one that is gone', () => {
    const { fee: _gone, ...others } = USUAL
    expect(broken(table({ ...others, extra: () => 5 }))).toEqual([])
  })
})

const FINDINGS: readonly [string, TableProfile, string, string | null, string][] = [
  ['half of the rows', table(USUAL, N / 2), 'volume_gate', null, '1,000 rows, 50 % fewer than the 2,000 of 2024-01-31'],
  ['twice the rows', table(USUAL, 2 * N), 'volume_gate', null, '4,000 rows, 100 % more than the 2,000 of 2024-01-31'],
  [
    'cents for euros',
    changed({ fee: (_, u) => 2000 + 8000 * u }),
    'unit_change',
    'fee',
    'is 5980, 101 times the 59.4 of',
  ],
  ['thousands for ones', changed({ fee: (_, u) => 0.02 + 0.08 * u }), 'unit_change', 'fee', ' times the '],
  ['one value', changed({ fee: () => 29.14 }), 'constant_column', 'fee', 'fee is 29.14 in all 2,000 rows'],
  ['one label', changed({ plan: () => 'a' }), 'constant_column', 'plan', 'plan is a in all'],
  ['one date', changed({ signup: () => 19_000 }), 'constant_column', 'signup', 'signup is 2022-01-08'],
  ['no value', changed({ hours: () => null }), 'constant_column', 'hours', 'hours is null in all 2,000 rows'],
  [
    'minus one for "not measured"',
    changed({ tickets: (i, u) => (i % 15 === 0 ? -1 : u < 0.7 ? 0 : 1) }),
    'sentinel_spike',
    'tickets',
    'tickets is -1 in 6.7 % of the rows, and in none on 2024-01-31',
  ],
  ['999', changed({ tenure: (i) => (i % 15 === 0 ? 999 : i % 72) }), 'sentinel_spike', 'tenure', 'is 999 in 6.7 %'],
  [
    'a date that never comes',
    changed({ signup: (i) => (i % 10 === 0 ? 2_932_896 : 19_000 + (i % 300)) }),
    'sentinel_spike',
    'signup',
    'signup is 9999-12-31 in 10 %',
  ],
  [
    'a mean filled in',
    changed({ fee: (i, u) => (i % 8 === 0 ? 61.23 : 20 + 80 * u) }),
    'sentinel_spike',
    'fee',
    'fee is 61.23 in 13 %',
  ],
  [
    'nulls',
    changed({ hours: (i, u) => (i % 4 === 0 ? null : 30 * u * u) }),
    'null_rate_jump',
    'hours',
    '25 % of hours',
  ],
]

test.each(FINDINGS)('finds %s', (_what, now, code, column, text) => {
  const found = broken(now)
  expect(found.filter((rule) => rule.code === code)).toMatchObject([
    { column, source: 'usage', severity: 'hold', text: expect.stringContaining(text), examples: [] },
  ])
})

test('finds two columns that changed places, of numbers and of labels', () => {
  const [numbers] = broken(changed({ fee: USUAL.hours!, hours: USUAL.fee! })).filter(
    (r) => r.code === 'columns_swapped',
  )
  expect(numbers).toMatchObject({
    column: 'fee',
    text: 'fee looks as hours did on 2024-01-31, and the other way round',
  })
  const before = table({ ...USUAL, plan: (_, u) => (u < 0.5 ? 'x' : 'y') })
  const swapped = changed({ plan: USUAL.channel!, channel: (_, u) => (u < 0.5 ? 'x' : 'y') })
  expect(broken(swapped, before).map(({ code }) => code)).toEqual(['columns_swapped'])
})

test('one column that moved towards another is drift, not an exchange', () => {
  expect(broken(changed({ fee: USUAL.hours! })).map(({ code }) => code)).not.toContain('columns_swapped')
})

test('rows are bounded absolutely, and such a file is refused', () => {
  const asked = gates({ rowCount: { min: 100, max: 3000 } })
  expect(broken(table(USUAL), null, asked)).toEqual([])
  expect(broken(table(USUAL, 99), null, asked)).toMatchObject([
    { code: 'row_count', severity: 'reject', text: '99 rows' },
  ])
  expect(broken(table(USUAL, 3001), null, asked)).toMatchObject([
    { code: 'row_count', rule: 'there are at most 3,000 rows' },
  ])
})

test.each([
  ['the last day', 19_782, '0d', true],
  ['the day before, when none is allowed', 19_781, '0d', false],
  ['five days old', 19_777, '5d', true],
  ['six days old', 19_776, '5d', false],
])('freshness: %s', (_what, newest, maxAge, passes) => {
  const asked = gates({ freshness: { column: 'signup', maxAge } })
  const found = broken(table({ ...USUAL, signup: (i) => newest - (i % 300) }), null, asked)
  expect(found.map(({ code }) => code)).toEqual(passes ? [] : ['stale_data'])
})

test('freshness needs a value', () => {
  const asked = gates({ freshness: { column: 'signup', maxAge: '5d' } })
  const found = broken(table({ ...USUAL, signup: () => null }), null, asked)
  expect(found).toMatchObject([{ code: 'stale_data', value: 'no value' }])
})

test('each gate can be turned off', () => {
  const nothing = gates({
    volume: 'off',
    unitChange: 'off',
    constantColumn: 'off',
    sentinelSpike: 'off',
    columnsSwapped: 'off',
    nullRateJump: 'off',
  })
  for (const [, now] of FINDINGS) expect(broken(now, table(USUAL), nothing)).toEqual([])
})

test('a gate that compares says why it could not', () => {
  const contract = { name: 'usage', key: 'user_id', columns: [] }
  const readings = readGates(gates(), { contract, asOf: FEBRUARY, profile: table(USUAL), before: null } as never)
  expect(new Set(readings.map(({ unasked }) => unasked))).toEqual(new Set(['there is no earlier file to compare with']))
})
