import type { ColumnDrift } from '../domain/drift/report.ts'

/**
 * How close a score is to its limit, on one scale for distances and p-values: 1 is the limit, more is drifted. Scores of
 * different tests cannot be compared, but this order is fair enough to decide what to show first.
 */
export function closeness({ score, threshold, driftedWhen }: ColumnDrift): number {
  return driftedWhen === '>=' ? score / threshold : threshold / Math.max(score, Number.MIN_VALUE)
}

/** Drifted first, then what comes nearest to its limit, then by name. */
export function byCloseness(a: ColumnDrift, b: ColumnDrift): number {
  return (
    Number(b.drifted) - Number(a.drifted) ||
    closeness(b) - closeness(a) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  )
}

/** True when both periods have exactly the same values: nothing to look at. */
export function didNotMove({ score, driftedWhen }: ColumnDrift): boolean {
  return driftedWhen === '>=' ? score === 0 : score === 1
}
