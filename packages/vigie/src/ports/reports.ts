import type { AsOf } from '../domain/as-of.ts'

/** Where the monitor's reports are kept for people to open. */
export interface Reports {
  /** Writes both forms whole or not at all; the same name again replaces them. Returns their absolute paths. */
  save(asOf: AsOf, forms: { readonly html: string; readonly json: string }): Promise<{ html: string; json: string }>
  list(): Promise<readonly AsOf[]>
  read(asOf: AsOf, form: 'html' | 'json'): Promise<string | null>
}
