/**
 * One entity's values of one view: little-endian float64, first the layout's id, the as_of in days since 1970 and the
 * known_at in microseconds since 1970 (all exact in a float64), then one value a slot, NaN for null.
 */

const LAYOUT = 0
const AS_OF = 8
const KNOWN_AT = 16
export const HEADER_BYTES = 24

/** When a vector's values are from. */
export interface Age {
  readonly asOfDays: number
  readonly knownAtMicros: number
}

export function vectorBytes(slots: number): number {
  return HEADER_BYTES + 8 * slots
}

export function writeHeader(vector: DataView, layout: number, { asOfDays, knownAtMicros }: Age): void {
  vector.setFloat64(LAYOUT, layout, true)
  vector.setFloat64(AS_OF, asOfDays, true)
  vector.setFloat64(KNOWN_AT, knownAtMicros, true)
}

export function layoutId(vector: DataView): number {
  return vector.getFloat64(LAYOUT, true)
}

export function asOfDaysOf(vector: DataView): number {
  return vector.getFloat64(AS_OF, true)
}

/** True when `vector` is from before `age`: of an earlier date, or of the same date and known earlier. */
export function isOlder(vector: DataView, age: Age): boolean {
  return asOfDaysOf(vector) < age.asOfDays || isOlderOfSameDate(vector, age)
}

export function isOlderOfSameDate(vector: DataView, age: Age): boolean {
  return asOfDaysOf(vector) === age.asOfDays && vector.getFloat64(KNOWN_AT, true) < age.knownAtMicros
}
