import type { ColumnContract } from '../domain/contract.ts'
import { invalid } from './invalid.ts'

/** Refuses options of a column that contradict each other or mean nothing. `place` says whose column it is. */
export function checkColumn(place: string, column: ColumnContract): ColumnContract {
  const { name, type, optional, maxNullRate, zone, overlap, sentinels, severity } = column
  const at = `"${name}" of "${place}"`
  const holdable = [column.min, column.max, sentinels, column.unique, maxNullRate]
  if (severity === 'hold' && holdable.every((rule) => rule === undefined)) {
    invalid(
      'f.hold(...) is about min, max, sentinels, f.unique and maxNullRate',
      `${at} is f.hold(...) and has none of the rules that can hold a delivery back`,
      type,
    )
  }
  if (maxNullRate !== undefined) {
    if (!optional) invalid('maxNullRate is about f.optional(...)', `${at} is never null`, String(maxNullRate))
    if (!(maxNullRate >= 0 && maxNullRate < 1)) {
      invalid('maxNullRate is at least 0 and below 1', `${at}: maxNullRate is ${maxNullRate}`, String(maxNullRate))
    }
  }
  if (zone !== undefined && !isZone(zone)) {
    invalid('a zone has a name of the IANA database, such as Europe/Paris', `${at}: "${zone}" is no zone`, zone)
  }
  if (overlap !== undefined && zone === undefined) {
    invalid('overlap is about times without an offset', `${at} has an overlap and no zone`, overlap)
  }
  const fraction = type === 'int' ? sentinels?.find((sentinel) => !Number.isSafeInteger(sentinel)) : undefined
  if (fraction !== undefined) {
    invalid('the sentinels of f.int() are whole numbers', `${at} has the sentinel ${fraction}`, String(fraction))
  }
  return column
}

/** Offsets such as `+02:00` are no zones: no clock hangs at one all year, and the stores read names only. */
function isZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}
