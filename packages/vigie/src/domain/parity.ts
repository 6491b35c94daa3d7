import type { FeatureStatus } from './feature-status.ts'

/** One value of one row, as one of the two stores has it. NaN for whatever is not PRESENT. */
export interface ParityValue {
  readonly value: number
  readonly status: FeatureStatus
}

export const WHY = [
  'entity missing',
  'written online only',
  'not materialized yet',
  'expired',
  'value differs',
] as const
export type Why = (typeof WHY)[number]

/** Equal in every bit and in why there is no value. -0 differs from 0; every NaN is the same null. */
export function sameValue(a: ParityValue, b: ParityValue): boolean {
  return a.status === b.status && Object.is(a.value, b.value)
}

/**
 * Why two values differ. `onlineOnly`: nothing offline stands behind the online row. `pending`: the online value is what
 * it was before versions that the online store does not have yet.
 */
export function whyDifferent(
  online: ParityValue,
  offline: ParityValue,
  { onlineOnly, pending }: { readonly onlineOnly: boolean; readonly pending: boolean },
): Why {
  if (onlineOnly) return 'written online only'
  if (pending) return 'not materialized yet'
  const either = (status: FeatureStatus) => online.status === status || offline.status === status
  if (either('NOT_FOUND')) return 'entity missing'
  return either('OUTSIDE_MAX_AGE') ? 'expired' : 'value differs'
}
