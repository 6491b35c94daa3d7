import type { AsOf } from '../../domain/as-of.ts'
import type { BrokenRule } from '../../domain/contract.ts'
import type { ColumnProfile } from '../../domain/profile/table-profile.ts'

/** What became of a delivery: taken, kept back until somebody approves it, or refused. */
export type Verdict = 'accepted' | 'held' | 'refused'

/** A rule of a file that nothing broke, or that could not be asked. */
export interface AskedRule {
  readonly rule: string
  /** Null when it was asked. */
  readonly unasked: string | null
}

/** One file of a delivery. What is null is not known, as a rule because the file was refused before. */
export interface ReportedFile {
  readonly source: string
  /** Its name in the delivery. */
  readonly file: string
  readonly verdict: Verdict
  readonly bytes: number | null
  /** Of the bytes as they were delivered, in hex. */
  readonly sha256: string | null
  /** `accepted + quarantined = total`. */
  readonly rows: { readonly accepted: number; readonly quarantined: number; readonly total: number } | null
  /** How it was written, where that is not plain UTF-8 text. */
  readonly notes: readonly string[]
  readonly broken: readonly BrokenRule[]
  /** What the rows break that the definition allows to leave out. */
  readonly leftOut: readonly BrokenRule[]
  readonly asked: readonly AskedRule[]
  /** The file that it was compared with. */
  readonly before: { readonly asOf: AsOf; readonly rows: number } | null
  /** Every column of a file that was read to its end; of another the columns with broken rules, as far as they go. */
  readonly columns: readonly ColumnProfile[]
  /** The columns with broken rules as they were in the file before. */
  readonly columnsBefore: readonly ColumnProfile[]
}

/** Everything that the report of a delivery says. Both forms are made from this alone. */
export interface ValidationReport {
  readonly project: string
  readonly asOf: AsOf
  /** 12 hex digits over what was delivered. */
  readonly delivery: string
  readonly verdict: Verdict
  /** Why it was not taken; null when it was. */
  readonly refusal: { readonly code: string; readonly message: string; readonly hint: string } | null
  /** Null unless it was taken. */
  readonly snapshot: {
    readonly id: string
    readonly version: number
    readonly knownAt: string
    readonly rows: number
  } | null
  /** Whose word took it in spite of broken rules, and which. */
  readonly approvals: { readonly codes: readonly string[]; readonly actor: string } | null
  /** In the order of the definition. */
  readonly files: readonly ReportedFile[]
  /** Program and version. */
  readonly generatedBy: string
}
