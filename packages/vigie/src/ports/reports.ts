import type { AsOf } from '../domain/as-of.ts'

/** Which report: the monitor writes one a date; deliveries, comparisons and versions have each one of their own. */
export type ReportName =
  | { readonly kind: 'monitor'; readonly asOf: AsOf }
  /** `delivery`: 12 hex digits over what was delivered. */
  | { readonly kind: 'validation'; readonly asOf: AsOf; readonly delivery: string }
  /** Of two versions on the held-out rows of a date; `champion` is null for a first model. */
  | { readonly kind: 'comparison'; readonly asOf: AsOf; readonly challenger: number; readonly champion: number | null }
  /** The card of a version, by the date of its training rows. */
  | { readonly kind: 'card'; readonly asOf: AsOf; readonly version: number }

export type ReportKind = ReportName['kind']
export const REPORT_KINDS = ['monitor', 'validation', 'comparison', 'card'] as const satisfies readonly ReportKind[]

/** Where reports are kept for people to open. */
export interface Reports {
  /** Writes both forms whole or not at all; the same name again replaces them. Returns their absolute paths. */
  save(
    name: ReportName,
    forms: { readonly html: string; readonly json: string },
  ): Promise<{ html: string; json: string }>
  /** Absolute paths of both forms; null when there is no such report. */
  find(name: ReportName): Promise<{ html: string; json: string } | null>
  /** By date, and of one date in the order of the loop: delivery, monitor, card, comparison. */
  list(): Promise<readonly ReportName[]>
  read(name: ReportName, form: 'html' | 'json'): Promise<string | null>
}
