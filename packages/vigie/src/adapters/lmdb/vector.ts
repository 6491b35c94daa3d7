/**
 * One entity's row of one view: little-endian float64, first the layout's id, its event time and its known time in
 * microseconds since 1970 (all exact in a float64 until 2255) and 1 if it was written online only, then one value a
 * slot, NaN for null.
 */

const LAYOUT = 0
const EVENT_TIME = 8
const KNOWN_TIME = 16
const ONLINE_ONLY = 24
export const HEADER_BYTES = 32

export function vectorBytes(slots: number): number {
  return HEADER_BYTES + 8 * slots
}

/** The part of a header that is the same for all rows of a write. */
export function writeHeader(vector: DataView, layout: number, onlineOnly: boolean): void {
  vector.setFloat64(LAYOUT, layout, true)
  vector.setFloat64(ONLINE_ONLY, onlineOnly ? 1 : 0, true)
}

export function writeTimes(vector: DataView, eventTime: number, knownTime: number): void {
  vector.setFloat64(EVENT_TIME, eventTime, true)
  vector.setFloat64(KNOWN_TIME, knownTime, true)
}

export function layoutId(vector: DataView): number {
  return vector.getFloat64(LAYOUT, true)
}

export function eventTimeOf(vector: DataView): number {
  return vector.getFloat64(EVENT_TIME, true)
}

export function isOnlineOnly(vector: DataView): boolean {
  return vector.getFloat64(ONLINE_ONLY, true) === 1
}

/** True when `vector` is of a later event, or of the same and known later. */
export function isNewer(vector: DataView, eventTime: number, knownTime: number): boolean {
  const stored = eventTimeOf(vector)
  return stored > eventTime || (stored === eventTime && vector.getFloat64(KNOWN_TIME, true) > knownTime)
}
