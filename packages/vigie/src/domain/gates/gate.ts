import type { ErrorCode } from '../../errors.ts'
import type { AsOf } from '../as-of.ts'
import type { BrokenRule, SourceContract } from '../contract.ts'
import type { ColumnProfile, TableProfile } from '../profile/table-profile.ts'

/** A delivered file and what is known of it. */
export interface Gated {
  readonly contract: SourceContract
  readonly asOf: AsOf
  readonly profile: TableProfile
  /** The same file of the newest earlier date; null for the first. */
  readonly before: { readonly asOf: AsOf; readonly profile: TableProfile } | null
}

/** What one gate found. */
export interface GateReading {
  readonly code: ErrorCode
  /** What it asks, in words. */
  readonly rule: string
  /** Why it could not be asked; null when it was. */
  readonly unasked: string | null
  readonly broken: readonly BrokenRule[]
}

/** Fewer values than this have no distribution to speak of. */
export const FEWEST_VALUES = 30

/** A column now and before, when the definition names it and its type is the same. */
export interface ColumnHistory {
  readonly now: ColumnProfile
  readonly before: ColumnProfile
}

/** The declared columns that can be compared, keys apart. Empty without a history. */
export function histories({ contract, profile, before }: Gated): readonly ColumnHistory[] {
  if (!before) return []
  const earlier = new Map(before.profile.columns.map((column) => [column.name, column]))
  const now = new Map(profile.columns.map((column) => [column.name, column]))
  return contract.columns.flatMap(({ name }) => {
    const [column, previous] = [now.get(name), earlier.get(name)]
    if (name === contract.key || !column || !previous || column.type !== previous.type) return []
    return [{ now: column, before: previous }]
  })
}

/** Rows that have a value. */
export function given(profile: TableProfile, { nulls }: ColumnProfile): number {
  return profile.rows - nulls
}
