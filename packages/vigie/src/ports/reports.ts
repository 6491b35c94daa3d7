import type { AsOf } from '../domain/as-of.ts'

/** Which report: the monitor writes one a date, and every delivery that was looked at has one of its own. */
export type ReportName =
  | { readonly kind: 'monitor'; readonly asOf: AsOf }
  /** `delivery`: 12 hex digits over what was delivered. */
  | { readonly kind: 'validation'; readonly asOf: AsOf; readonly delivery: string }

/** Where reports are kept for people to open. */
export interface Reports {
  /** Writes both forms whole or not at all; the same name again replaces them. Returns their absolute paths. */
  save(
    name: ReportName,
    forms: { readonly html: string; readonly json: string },
  ): Promise<{ html: string; json: string }>
  /** Absolute paths of both forms; null when there is no such report. */
  find(name: ReportName): Promise<{ html: string; json: string } | null>
  /** By date, those of deliveries before the monitor's. */
  list(): Promise<readonly ReportName[]>
  read(name: ReportName, form: 'html' | 'json'): Promise<string | null>
}
