import { driftTests } from '../domain/drift/drift-tests.ts'
import type { ColumnDrift } from '../domain/drift/report.ts'

/**
 * How close a score is to its limit, on one scale for distances and p-values: 1 is the limit, more is drifted. Scores of
 * different tests cannot be compared, but this order is fair enough to decide what to show first.
 */
export function closeness({ score, threshold, test }: ColumnDrift): number {
  return driftTests[test].scale === 'distance' ? score / threshold : threshold / Math.max(score, Number.MIN_VALUE)
}

/** Drifted first, then what comes nearest to its limit, then by name. */
export function byCloseness(a: ColumnDrift, b: ColumnDrift): number {
  return (
    Number(b.drifted) - Number(a.drifted) ||
    closeness(b) - closeness(a) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  )
}

/** True when both periods show the same values equally often and miss as many: nothing to look at. */
export function didNotMove({ drifted, picture, reference, current }: ColumnDrift): boolean {
  const sameNulls = reference.nulls / reference.rows === current.nulls / current.rows
  const sameShares = picture.reference.every((share, i) => Math.abs(share - picture.current[i]!) < 1e-12)
  const sameMean = reference.numbers?.mean === current.numbers?.mean
  return !drifted && sameNulls && sameShares && sameMean
}
