import { expect, test } from 'vitest'
import { asOf } from './as-of.ts'
import { micros, type Timing, type VersionTimes, visibleVersions } from './point-in-time.ts'

const DAY = 86_400_000
const forEver: Timing = { ttlMs: null, arrivesMs: 0 }

function version(date: string, knownAt: string, number = 1): VersionTimes {
  return { asOf: asOf(date), version: number, knownAt }
}

function dates(versions: readonly VersionTimes[]): readonly string[] {
  return versions.map((v) => `${v.asOf}#${v.version}`)
}

const january = version('2024-01-31', '2024-02-01T00:00:00.000000Z')
const february = version('2024-02-29', '2024-03-01T00:00:00.000000Z')
const corrected = version('2024-01-31', '2024-03-10T12:00:00.000000Z', 2)

test('the newest date comes first and the future is not seen', () => {
  const all = [january, february, version('2024-03-31', '2024-04-01T00:00:00.000000Z')]
  expect(dates(visibleVersions(all, asOf('2024-03-15'), forEver))).toEqual(['2024-02-29#1', '2024-01-31#1'])
})

test('what was delivered at the very end of the day is known, a microsecond later it is not', () => {
  const late = version('2024-01-31', '2024-02-01T00:00:00.000001Z')
  expect(visibleVersions([january], asOf('2024-01-31'), forEver)).toHaveLength(1)
  expect(visibleVersions([late], asOf('2024-01-31'), forEver)).toHaveLength(0)
  expect(visibleVersions([late], asOf('2024-02-01'), forEver)).toHaveLength(1)
})

test('a view that arrives late is known at its date all the same', () => {
  const delivered = version('2024-01-31', '2024-02-04T00:00:00.000000Z')
  expect(visibleVersions([delivered], asOf('2024-01-31'), { ttlMs: null, arrivesMs: 2 * DAY })).toHaveLength(0)
  expect(visibleVersions([delivered], asOf('2024-01-31'), { ttlMs: null, arrivesMs: 3 * DAY })).toHaveLength(1)
})

test('a correction replaces its date from when it is known, and does not change the past', () => {
  const all = [corrected, january, february]
  expect(dates(visibleVersions(all, asOf('2024-03-09'), forEver))).toEqual(['2024-02-29#1', '2024-01-31#1'])
  expect(dates(visibleVersions(all, asOf('2024-03-10'), forEver))).toEqual(['2024-02-29#1', '2024-01-31#2'])
})

test('of two versions that became known at once the higher number wins', () => {
  const again = { ...january, version: 2 }
  expect(dates(visibleVersions([again, january], asOf('2024-02-01'), forEver))).toEqual(['2024-01-31#2'])
  expect(dates(visibleVersions([january, again], asOf('2024-02-01'), forEver))).toEqual(['2024-01-31#2'])
})

test('a value lives exactly as long as its ttl', () => {
  const timing = { ttlMs: 3 * DAY, arrivesMs: 0 }
  expect(visibleVersions([january], asOf('2024-02-03'), timing)).toHaveLength(1)
  expect(visibleVersions([january], asOf('2024-02-04'), timing)).toHaveLength(0)
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
