import { type Check, type Finding, textOf } from './check.ts'

const ISO = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(\.\d{1,6})?(Z|[+-]\d{2}(?::?\d{2})?)?$/

const INVALID: Finding = {
  code: 'invalid_date',
  text: 'is no instant',
  rule: 'instants are written YYYY-MM-DDThh:mm:ss with at most six decimals and an offset',
}

/** An instant in ISO 8601. Without an offset it needs a `zone`, and must be a time that this zone's clocks showed once. */
export function timestampCheck(zone: string | undefined): Check {
  return (bytes, start, end) => {
    const text = textOf(bytes, start, end)
    const match = ISO.exec(text)
    if (!match) return INVALID
    try {
      if (match[8] !== undefined) Temporal.Instant.from(text.replace(' ', 'T'))
      else if (zone === undefined) {
        return { code: 'zone_missing', text: 'has no offset', rule: 'instants carry an offset, or their column a zone' }
      } else Temporal.PlainDateTime.from(text.replace(' ', 'T')).toZonedDateTime(zone, { disambiguation: 'reject' })
    } catch {
      return INVALID
    }
    return null
  }
}
