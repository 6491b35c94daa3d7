import { expect, test } from 'vitest'
import { type AsOf, asOf, asOfMicros } from './as-of.ts'
import { lastMicrosOf, micros, viewHistory, visibleBatches } from './point-in-time.ts'

const DAY = 86_400_000

interface Table {
  readonly rows: number
  readonly eventRange?: readonly [number, number]
}
type Version = ReturnType<typeof version>

const forEver = { from: 'file', eventTime: null, ttlMs: null, arrivesMs: 0 }

function version(date: string, knownAt: string, number = 1, table: Table | null = { rows: 1 }) {
  const tables: Record<string, Table> = table ? { file: table } : {}
  return { id: `${date}#${number}`, asOf: asOf(date), version: number, knownAt, tables }
}

function pushed(id: string, knownAt: string, source = 'file') {
  return { id, source, knownAt, table: { rows: 1 } }
}

/** What the end of a date sees, in the order of knowledge. */
function seen(
  snapshots: readonly Version[],
  at: AsOf,
  view: Parameters<typeof viewHistory>[1] = forEver,
  { pushes = [], eventTimeOnly = false }: { pushes?: ReturnType<typeof pushed>[]; eventTimeOnly?: boolean } = {},
) {
  const history = viewHistory({ snapshots, pushes }, view, { eventTimeOnly })
  return visibleBatches(history, { eventUs: lastMicrosOf(at), knownUs: Number(asOfMicros(at)) + DAY * 1000 })
}

function ids(batches: readonly { readonly id: string }[]): readonly string[] {
  return batches.map(({ id }) => id)
}

const january = version('2024-01-31', '2024-02-01T00:00:00.000000Z')
const february = version('2024-02-29', '2024-03-01T00:00:00.000000Z')
const corrected = version('2024-01-31', '2024-03-10T12:00:00.000000Z', 2)

test('the future is not seen', () => {
  const all = [january, february, version('2024-03-31', '2024-04-01T00:00:00.000000Z')]
  expect(ids(seen(all, asOf('2024-03-15')))).toEqual(['2024-01-31#1', '2024-02-29#1'])
})

test('what was delivered at the very end of the day is known, a microsecond later it is not', () => {
  const late = version('2024-01-31', '2024-02-01T00:00:00.000001Z')
  expect(seen([january], asOf('2024-01-31'))).toHaveLength(1)
  expect(seen([late], asOf('2024-01-31'))).toHaveLength(0)
  expect(seen([late], asOf('2024-02-01'))).toHaveLength(1)
  expect(seen([late], asOf('2024-01-31'), forEver, { eventTimeOnly: true })).toHaveLength(1)
})

test('a snapshot is true in the last microsecond of its date', () => {
  const history = viewHistory({ snapshots: [january] }, forEver, { eventTimeOnly: true })
  const at = (eventUs: number) => visibleBatches(history, { eventUs, knownUs: eventUs })
  const midnight = Date.parse('2024-02-01T00:00:00Z') * 1000
  expect([at(midnight), at(midnight - 1), at(midnight - 2)].map((batches) => batches.length)).toEqual([1, 1, 0])
})

test('a view that arrives late is known at its date all the same', () => {
  const delivered = version('2024-01-31', '2024-02-04T00:00:00.000000Z')
  expect(seen([delivered], asOf('2024-01-31'), { ...forEver, arrivesMs: 2 * DAY })).toHaveLength(0)
  expect(seen([delivered], asOf('2024-01-31'), { ...forEver, arrivesMs: 3 * DAY })).toHaveLength(1)
})

test('a correction replaces its date from when it is known, and does not change the past', () => {
  const all = [corrected, january, february]
  expect(ids(seen(all, asOf('2024-03-09')))).toEqual(['2024-01-31#1', '2024-02-29#1'])
  expect(ids(seen(all, asOf('2024-03-10')))).toEqual(['2024-02-29#1', '2024-01-31#2'])
})

test('of two versions that became known at once the higher number wins', () => {
  const again = { ...january, id: '2024-01-31#2', version: 2 }
  expect(ids(seen([again, january], asOf('2024-02-01')))).toEqual(['2024-01-31#2'])
  expect(ids(seen([january, again], asOf('2024-02-01')))).toEqual(['2024-01-31#2'])
})

test.each([
  ['has no rows', { rows: 0 }],
  ['does not have the file', null],
])('a correction that %s leaves nothing of its date', (_how, table) => {
  const emptied = version('2024-01-31', '2024-03-10T12:00:00.000000Z', 2, table)
  expect(ids(seen([january, emptied], asOf('2024-03-09')))).toEqual(['2024-01-31#1'])
  expect(seen([january, emptied], asOf('2024-03-10'))).toEqual([])
})

test('a value lives exactly as long as its ttl', () => {
  const timing = { ...forEver, ttlMs: 3 * DAY }
  expect(seen([january], asOf('2024-02-03'), timing)).toHaveLength(1)
  expect(seen([january], asOf('2024-02-04'), timing)).toHaveLength(0)
})

test('a snapshot knows the month end before it as the same moment sees it, also when that is too old to be used', () => {
  const all = [january, corrected, february]
  const timing = { ...forEver, ttlMs: 20 * DAY }
  expect(seen(all, asOf('2024-03-09'), timing).map(({ previous }) => previous)).toEqual([january.tables.file])
  expect(seen(all, asOf('2024-03-10'), timing).map(({ previous }) => previous)).toEqual([corrected.tables.file])
  expect(seen([january], asOf('2024-02-01')).map(({ previous }) => previous)).toEqual([null])
})

test('pushes count for event-dated views, each beside what was delivered', () => {
  const pushes = [pushed('late', '2024-03-11T00:00:00Z'), pushed('soon', '2024-02-05T00:00:00Z')]
  const others = [pushed('elsewhere', '2024-02-05T00:00:00Z', 'other')]
  const events = { ...forEver, eventTime: 'time' }
  const all = { pushes: [...pushes, ...others] }
  expect(ids(seen([january, corrected], asOf('2024-02-29'), events, all))).toEqual(['2024-01-31#1', 'soon'])
  expect(ids(seen([january, corrected], asOf('2024-03-11'), events, all))).toEqual(['soon', '2024-01-31#2', 'late'])
  expect(ids(seen([january], asOf('2024-03-11'), forEver, all))).toEqual(['2024-01-31#1'])
})

test('a push that became known at the microsecond of a delivery comes after it', () => {
  const events = { ...forEver, eventTime: 'time' }
  const pushes = [pushed('push', january.knownAt)]
  expect(ids(seen([january], asOf('2024-02-01'), events, { pushes }))).toEqual(['2024-01-31#1', 'push'])
})

test('the last microsecond of a leap day', () => {
  expect(lastMicrosOf(asOf('2024-02-29'))).toBe(Date.parse('2024-02-29T23:59:59.999Z') * 1000 + 999)
  expect(lastMicrosOf(asOf('1969-12-31'))).toBe(-1)
})

test.each([
  ['1970-01-01T00:00:00Z', 0n],
  ['1970-01-01T00:00:00.1Z', 100_000n],
  ['2024-02-29T23:59:59.999999Z', 1_709_251_199_999_999n],
  ['2024-02-29T23:59:59.999999+00:00', 1_709_251_199_999_999n],
])('%s is exact to the microsecond', (text, expected) => {
  expect(micros(text)).toBe(expected)
})

test.each(['2024-02-29', '2024-02-29T00:00:00', '2024-02-29T00:00:00+01:00', 'yesterday'])(
  '%s is no instant',
  (text) => {
    expect(() => micros(text)).toThrow(expect.objectContaining({ code: 'internal' }))
  },
)
