import type { ColumnContract } from '../contract.ts'
import { type Check, type Finding, type ReadNumber, textOf } from './check.ts'
import { countsSince1970 } from './dates.ts'
import { InstantReader } from './instants.ts'
import { type ClockReading, ZoneClock } from './zone-clock.ts'

/** Microseconds since 1970 at the start of 1900 and at the end of 2200: nothing in a delivery happened outside. */
export const EARLIEST = -2_208_988_800_000_000
export const LATEST = 7_289_654_400_000_000

type Clock = Pick<ColumnContract, 'zone' | 'overlap'>

/**
 * Reads instants in ISO 8601 as microseconds since 1970 in UTC, float64 that are exact; NaN when the text is none. Texts without an offset are read on the clock of `zone`, and are none without
 * it; times that this clock never showed are none, and times that it showed twice only with `overlap`.
 */
export function instantReader({ zone, overlap }: Clock): ReadNumber {
  const reader = new InstantReader()
  const clock = zone === undefined ? null : new ZoneClock(zone)
  return (bytes, start, end) => {
    const written = reader.read(bytes, start, end)
    if (written === 'nothing' || (written === 'local' && clock === null)) return Number.NaN
    let instant = reader.micros
    if (written === 'local' && clock !== null) {
      const local = instant
      instant = clock.instant(local)
      if (Number.isNaN(instant) && overlap !== undefined) {
        const reading = clock.read(local)
        if (reading.shown === 'twice') instant = reading[overlap]
      }
    }
    return instant >= EARLIEST && instant < LATEST ? instant : Number.NaN
  }
}

/** Says what is wrong with a text that `instantReader` does not read. */
export function timestampCheck(column: Clock): Check {
  const read = instantReader(column)
  return (bytes, start, end) => (Number.isNaN(read(bytes, start, end)) ? explain(bytes, start, end, column.zone) : null)
}

const WRITTEN = 'instants are written YYYY-MM-DDThh:mm:ss with at most six decimals and an offset'

function explain(bytes: Uint8Array, start: number, end: number, zone: string | undefined): Finding {
  const reader = new InstantReader()
  switch (reader.read(bytes, start, end)) {
    case 'nothing':
      return (
        countsSince1970(textOf(bytes, start, end)) ?? { code: 'invalid_date', text: 'is no instant', rule: WRITTEN }
      )
    case 'local': {
      if (zone === undefined) {
        return { code: 'zone_missing', text: 'has no offset', rule: 'instants carry an offset, or their column a zone' }
      }
      const reading = new ZoneClock(zone).read(reader.micros)
      return reading.shown === 'once' ? implausible : shownOtherwise(reading, zone)
    }
    case 'instant':
      return implausible
  }
}

const implausible: Finding = {
  code: 'implausible_time',
  text: 'lies outside of the years 1900 to 2200',
  rule: 'instants lie in the years 1900 to 2200',
}

function shownOtherwise(reading: Exclude<ClockReading, { shown: 'once' }>, zone: string): Finding {
  if (reading.shown === 'twice') {
    return {
      code: 'zone_ambiguous',
      text: `was shown twice by the clocks of ${zone}, as they were put back`,
      rule: `times without an offset are ones that the clocks of ${zone} showed once`,
    }
  }
  return {
    code: 'invalid_date',
    text: `was never shown by the clocks of ${zone}: they went from ${localText(reading.from)} to ${localText(reading.to)}`,
    rule: `times without an offset are ones that the clocks of ${zone} showed`,
    hint: 'Write the offset behind the time, or the time that was meant.',
  }
}

function localText(micros: number): string {
  return Temporal.Instant.fromEpochNanoseconds(BigInt(micros) * 1000n)
    .toString()
    .slice(0, 19)
}
