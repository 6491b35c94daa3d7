/**
 * Whether a feature of an entity has a value: PRESENT, a null that was delivered as null, no row at all, or a row that
 * is older than its view allows. The words are Feast's.
 */
export type FeatureStatus = 'PRESENT' | 'NULL_VALUE' | 'NOT_FOUND' | 'OUTSIDE_MAX_AGE'

/**
 * The status of one value, the same online and offline. Times and `maxAge` are in microseconds; `eventTime` is NaN when
 * there is no row. A value of exactly `maxAge` still counts; a lagged column ages with the row that it belongs to.
 */
export function featureStatus(value: number, eventTime: number, now: number, maxAge: number): FeatureStatus {
  if (Number.isNaN(eventTime)) return 'NOT_FOUND'
  if (now - eventTime > maxAge) return 'OUTSIDE_MAX_AGE'
  return Number.isNaN(value) ? 'NULL_VALUE' : 'PRESENT'
}

const GRAVEST = ['NOT_FOUND', 'OUTSIDE_MAX_AGE'] as const

/** The status of a computed value: where there is none, the gravest reason among those of its inputs. */
export function derivedStatus(value: number, inputs: readonly FeatureStatus[]): FeatureStatus {
  if (!Number.isNaN(value)) return 'PRESENT'
  return GRAVEST.find((status) => inputs.includes(status)) ?? 'NULL_VALUE'
}
