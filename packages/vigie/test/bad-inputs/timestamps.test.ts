import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csvSelect } from '../../src/adapters/duckdb/csv-sql.ts'
import type { ColumnContract } from '../../src/domain/contract.ts'
import { columnCheck } from '../../src/domain/csv/column-check.ts'
import { instantReader } from '../../src/domain/csv/timestamps.ts'
import { contractOf } from '../delivery.ts'

/** Half-hour shifts, changes at midnight, of two hours, of a whole day, without any, at the ends of the world. */
const ZONES = [
  ...[
    'Europe/Paris',
    'America/New_York',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
    'Africa/Casablanca',
    'Asia/Tehran',
  ],
  ...['Antarctica/Troll', 'Pacific/Apia', 'Asia/Kathmandu', 'Europe/Dublin', 'America/Caracas', 'UTC', 'Asia/Tokyo'],
]
const OVERLAPS = [undefined, 'earlier', 'later'] as const

let folder: string
let database: DuckDBInstance
let connection: DuckDBConnection

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vigie-test-timestamps-'))
  database = await DuckDBInstance.create(':memory:')
  connection = await database.connect()
  // The machine's own zone may not matter.
  await connection.run("set timezone = 'America/Los_Angeles'")
})

afterAll(async () => {
  connection.closeSync()
  database.closeSync()
  await rm(folder, { recursive: true })
})

const encoder = new TextEncoder()

function read(column: ColumnContract, text: string): number {
  const bytes = encoder.encode(`9${text}9`)
  return instantReader(column)(bytes, 1, bytes.length - 1)
}

function codeOf(column: ColumnContract, text: string): string {
  const bytes = encoder.encode(`9${text}9`)
  return columnCheck(column, contractOf('events', [column]))(bytes, 1, bytes.length - 1)?.code ?? 'ok'
}

/** What the import stores, in microseconds since 1970, in the order of the texts. */
async function stored(column: ColumnContract, texts: readonly string[]): Promise<number[]> {
  const file = path.join(folder, 'events.csv')
  const rows = texts.map((text, i) => `${String(i).padStart(6, '0')},${text}\n`).join('')
  await writeFile(file, `user_id,at\n${rows}`)
  const select = csvSelect({ path: file, bytes: rows.length }, ['user_id', 'at'], contractOf('events', [column]))
  const result = await connection.run(`select epoch_us("at") from (${select}) order by user_id`)
  return (await result.getRows()).map(([micros]) => Number(micros))
}

/** The same by Temporal alone; NaN where it refuses. */
function byTemporal(text: string, zone: string, overlap: ColumnContract['overlap']): number {
  const plain = Temporal.PlainDateTime.from(text)
  const [a, b] = (['earlier', 'later'] as const).map((disambiguation) =>
    plain.toZonedDateTime(zone, { disambiguation }),
  )
  const once = a!.epochNanoseconds === b!.epochNanoseconds
  const twice = !once && a!.toPlainDateTime().equals(plain)
  const chosen = once || (twice && overlap === 'earlier') ? a : twice && overlap === 'later' ? b : null
  return chosen ? Number(chosen.epochNanoseconds / 1000n) : Number.NaN
}

const micros = fc
  .integer({ min: Date.UTC(1901, 0, 1), max: Date.UTC(2199, 11, 31) })
  .chain((ms) => fc.integer({ min: 0, max: 999 }).map((us) => ms * 1000 + us))
const instantOf = (us: number) => Temporal.Instant.fromEpochNanoseconds(BigInt(us) * 1000n)

describe('what the check says and what is stored is the same', () => {
  test('for instants with an offset', async () => {
    const written: [string, number][] = fc
      .sample(fc.tuple(micros, fc.integer({ min: -959, max: 959 }), fc.constantFrom('T', ' '), fc.nat(3)), {
        seed: 11,
        numRuns: 4000,
      })
      .map(([us, minutes, separator, form]) => {
        const sign = minutes < 0 ? '-' : '+'
        const [h, m] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((n) =>
          String(n).padStart(2, '0'),
        )
        // The offset is ahead of UTC, so the same local time is an earlier instant.
        const local = instantOf(us).toString({ fractionalSecondDigits: 6 }).slice(0, -1).replace('T', separator)
        if (form === 3) return [`${local}Z`, us]
        const whole = form === 2 ? Math.sign(minutes) * Math.floor(Math.abs(minutes) / 60) * 60 : minutes
        return [`${local}${sign}${form === 2 ? h : form === 1 ? `${h}${m}` : `${h}:${m}`}`, us - whole * 60_000_000]
      })
    const column: ColumnContract = { name: 'at', type: 'timestamp', optional: false }
    expect(written.map(([text]) => read(column, text))).toEqual(written.map(([, us]) => us))
    expect(
      await stored(
        column,
        written.map(([text]) => text),
      ),
    ).toEqual(written.map(([, us]) => us))
  })

  test.each(ZONES)('for times on the clocks of %s', async (zone) => {
    // Random times, and times around the changes of the clock, where all the trouble is.
    const random = fc.sample(micros, { seed: 12, numRuns: 300 })
    const changes: number[] = []
    let at = Temporal.Instant.from('1950-01-01T00:00Z').toZonedDateTimeISO(zone)
    for (let i = 0; i < 200; i++) {
      const next = at.getTimeZoneTransition('next')
      if (next === null || next.year > 2190) break
      changes.push(Number(next.epochNanoseconds / 1000n) + next.offsetNanoseconds / 1000)
      at = next
    }
    const around = changes.flatMap((us) =>
      [-7200, -3600, -1800, -1, -0.000001, 0, 1, 1800, 3599, 3600, 86_399].map((s) => us + s * 1e6),
    )
    const texts = [...random, ...around].map((us) => instantOf(us).toString({ fractionalSecondDigits: 6 }).slice(0, -1))
    for (const overlap of OVERLAPS) {
      const column: ColumnContract = {
        name: 'at',
        type: 'timestamp',
        optional: false,
        zone,
        ...(overlap ? { overlap } : {}),
      }
      const expected = texts.map((text) => byTemporal(text, zone, overlap))
      expect(texts.map((text) => read(column, text))).toEqual(expected)
      const legal = texts.filter((_, i) => !Number.isNaN(expected[i]))
      expect(await stored(column, legal)).toEqual(expected.filter((us) => !Number.isNaN(us)))
    }
  })
})

describe('a time', () => {
  const paris: ColumnContract = { name: 'at', type: 'timestamp', optional: false, zone: 'Europe/Paris' }
  const utc: ColumnContract = { name: 'at', type: 'timestamp', optional: false }

  test.each([
    ['with its offset', utc, '2024-01-31T12:00:00Z', 'ok'],
    ['to the microsecond', utc, '2024-01-31 12:00:00.000001+02:00', 'ok'],
    ['with an offset of hours', utc, '2024-01-31T12:00:00-05', 'ok'],
    ['on the leap day', utc, '2024-02-29T23:59:59.999999Z', 'ok'],
    ['at the first instant of 1900', utc, '1900-01-01T00:00:00Z', 'ok'],
    ['at the last instant of 2200', utc, '2200-12-31T23:59:59.999999Z', 'ok'],
    ['on the clock of its zone', paris, '2024-01-31T12:00:00', 'ok'],
    ['with an offset, whatever the zone is', paris, '2024-10-27T02:30:00+01:00', 'ok'],
    ['without an offset', utc, '2024-01-31T12:00:00', 'zone_missing'],
    ['that was skipped', paris, '2024-03-31T02:30:00', 'invalid_date'],
    ['that came twice', paris, '2024-10-27T02:30:00', 'zone_ambiguous'],
    ['that came twice, when it is said which is meant', { ...paris, overlap: 'later' }, '2024-10-27T02:30:00', 'ok'],
    ['that was skipped, whatever is said', { ...paris, overlap: 'later' }, '2024-03-31T02:30:00', 'invalid_date'],
    ['on a day that does not exist', utc, '2024-02-30T00:00:00Z', 'invalid_date'],
    ['on a leap day of a common year', utc, '2023-02-29T00:00:00Z', 'invalid_date'],
    ['at 24:00', utc, '2024-01-31T24:00:00Z', 'invalid_date'],
    ['in a leap second', utc, '2016-12-31T23:59:60Z', 'invalid_date'],
    ['with seven decimals', utc, '2024-01-31T12:00:00.0000001Z', 'invalid_date'],
    ['with a point and no decimals', utc, '2024-01-31T12:00:00.Z', 'invalid_date'],
    ['with a decimal comma', utc, '2024-01-31T12:00:00,5Z', 'invalid_date'],
    ['without seconds', utc, '2024-01-31T12:00Z', 'invalid_date'],
    ['in lower case', utc, '2024-01-31t12:00:00z', 'invalid_date'],
    ['with the name of a zone', utc, '2024-01-31T12:00:00 Europe/Paris', 'invalid_date'],
    ['with an offset of 16 hours', utc, '2024-01-31T12:00:00+16:00', 'invalid_date'],
    ['with an offset of 60 minutes', utc, '2024-01-31T12:00:00+01:60', 'invalid_date'],
    ['that is only a date', utc, '2024-01-31', 'invalid_date'],
    ['with slashes', utc, '01/31/2024 12:00', 'invalid_date'],
    ['with blanks around it', utc, ' 2024-01-31T12:00:00Z', 'invalid_date'],
    ['as seconds since 1970', utc, '1704067200', 'implausible_time'],
    ['as milliseconds since 1970', utc, '1704067200000', 'implausible_time'],
    ['as seconds with decimals', utc, '1704067200.25', 'implausible_time'],
    ['in the year that seconds read as milliseconds give', utc, '9999-12-31T00:00:00Z', 'implausible_time'],
    ['before 1900', utc, '1899-12-31T23:59:59Z', 'implausible_time'],
    ['after 2200', utc, '2201-01-01T00:00:00Z', 'implausible_time'],
  ] as const)('%s', (_what, column, text, code) => {
    expect(codeOf(column, text)).toBe(code)
    expect(Number.isNaN(read(column, text))).toBe(code !== 'ok')
  })
})
