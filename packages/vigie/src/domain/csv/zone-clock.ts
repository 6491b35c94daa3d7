import { DAY } from './instants.ts'

/** What the clocks of a zone do at a local time, in microseconds since 1970. */
export type ClockReading =
  | { readonly shown: 'once'; readonly instant: number }
  | { readonly shown: 'twice'; readonly earlier: number; readonly later: number }
  /** The clocks went from `from` straight to `to`, both local. */
  | { readonly shown: 'never'; readonly from: number; readonly to: number }

/**
 * The clock on the wall of one zone, by the time zone data of the platform. Days on which it keeps its offset, and so do
 * its neighbours, are remembered: they cost one look into a map, the others two conversions.
 */
export class ZoneClock {
  readonly zone: string
  /** Offset of a whole local day; NaN when the clock changes near it. */
  readonly #offsets = new Map<number, number>()

  constructor(zone: string) {
    this.zone = zone
  }

  /** The instant at which the clock showed `local`; NaN when it never did, or twice. */
  instant(local: number): number {
    const day = Math.floor(local / DAY)
    let offset = this.#offsets.get(day)
    if (offset === undefined) {
      offset = this.#offsetOn(day)
      this.#offsets.set(day, offset)
    }
    if (!Number.isNaN(offset)) return local - offset
    const reading = this.read(local)
    return reading.shown === 'once' ? reading.instant : Number.NaN
  }

  read(local: number): ClockReading {
    const plain = plainOf(local)
    const first = plain.toZonedDateTime(this.zone, { disambiguation: 'earlier' })
    const second = plain.toZonedDateTime(this.zone, { disambiguation: 'later' })
    const [earlier, later] = [microsOf(first), microsOf(second)]
    if (earlier === later) return { shown: 'once', instant: earlier }
    if (first.toPlainDateTime().equals(plain)) return { shown: 'twice', earlier, later }
    const change = first.getTimeZoneTransition('next')!
    return { shown: 'never', from: microsOf(change) + offsetOf(first), to: microsOf(change) + offsetOf(change) }
  }

  #offsetOn(day: number): number {
    const before = plainOf((day - 1) * DAY).toZonedDateTime(this.zone)
    const change = before.getTimeZoneTransition('next')
    return change === null || microsOf(change) > microsOf(before) + 3 * DAY ? offsetOf(before) : Number.NaN
  }
}

/** A change of the clock, in microseconds. */
export interface ClockChange {
  readonly instant: number
  readonly offsetBefore: number
  readonly offsetAfter: number
}

/** All changes of a zone's clock after the instant `from` and before `to`, in their order. */
export function clockChanges(zone: string, from: number, to: number): readonly ClockChange[] {
  const changes: ClockChange[] = []
  let before = Temporal.Instant.fromEpochNanoseconds(BigInt(from) * 1000n).toZonedDateTimeISO(zone)
  for (;;) {
    const after = before.getTimeZoneTransition('next')
    if (after === null || microsOf(after) >= to) return changes
    changes.push({ instant: microsOf(after), offsetBefore: offsetOf(before), offsetAfter: offsetOf(after) })
    before = after
  }
}

/** Microseconds by which the zone's clock is ahead of UTC at an instant. */
export function clockOffset(zone: string, instant: number): number {
  return offsetOf(Temporal.Instant.fromEpochNanoseconds(BigInt(instant) * 1000n).toZonedDateTimeISO(zone))
}

function plainOf(local: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochNanoseconds(BigInt(local) * 1000n)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime()
}

const microsOf = (time: Temporal.ZonedDateTime): number => Number(time.epochNanoseconds / 1000n)
const offsetOf = (time: Temporal.ZonedDateTime): number => time.offsetNanoseconds / 1000
