import type { FileColumnDrift, WhyNot } from '../../domain/drift/file-column-drift.ts'

/** Two files compared, column by column. */
export interface FileDriftReport {
  readonly mode: 'parity'
  readonly reference: { readonly file: string; readonly rows: number }
  readonly current: { readonly file: string; readonly rows: number }
  /** In the order of the current file, then those of the reference alone. */
  readonly columns: readonly FileColumnDrift[]
  /** Of the columns that could be judged: how many drifted, which share, and whether that is half of them or more. */
  readonly report: { readonly count: number; readonly share: number | null; readonly drifted: boolean | null }
  readonly notTestable: readonly NotJudged[]
  /** Columns that the schema does not name. */
  readonly ignored: readonly string[]
  /** Program and version. */
  readonly generatedBy: string
}

export interface NotJudged {
  readonly name: string
  readonly code: WhyNot['code']
  readonly why: string
}
