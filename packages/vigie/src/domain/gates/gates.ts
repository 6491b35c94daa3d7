import type { Severity } from '../contract.ts'

interface Rule {
  readonly severity: Severity
}

/**
 * What is asked of a whole delivered file: what it holds, and how it differs from the one before. Null turns a gate off.
 * One that compares asks nothing of a file without a history.
 */
export interface Gates {
  /** Absolute bounds of the number of rows. */
  readonly rowCount: (Rule & { readonly min: number | null; readonly max: number | null }) | null
  /** Most change of the number of rows, as a share of what it was. */
  readonly volume: (Rule & { readonly maxChange: number }) | null
  /** A median that is this many times what it was, or one such part of it: cents for euros, grams for kilograms. */
  readonly unitChange: (Rule & { readonly ratio: number }) | null
  /** A column in which all values are the same, or all null, and were not. */
  readonly constantColumn: Rule | null
  /** One value in at least `above` of the rows that was in less than `below` of them. */
  readonly sentinelSpike: (Rule & { readonly above: number; readonly below: number }) | null
  /** Two columns of one type that each look like the other did. `distance` is the least from what each was itself. */
  readonly columnsSwapped: (Rule & { readonly distance: number }) | null
  /** Most rise of the share of nulls, 0.2 for 20 points. */
  readonly nullRateJump: (Rule & { readonly rise: number }) | null
  /** The newest date or instant of a column is at most so long before the end of the as_of. */
  readonly freshness: (Rule & { readonly column: string; readonly maxAgeMs: number }) | null
}

export type GateName = keyof Gates
