import type { SourceContract } from '../contract.ts'

/** How a delivered file is encoded: the ending of its name. */
export const FORMATS = ['csv', 'csv.gz', 'parquet'] as const
export type DeliveredFormat = (typeof FORMATS)[number]

/** The source and the format that a file name says, or null. */
export function readFileName(name: string): { readonly source: string; readonly format: DeliveredFormat } | null {
  const format = FORMATS.find((ending) => name.endsWith(`.${ending}`))
  return format ? { source: name.slice(0, -format.length - 1), format } : null
}

/** Texts that stand for null, true and false in the CSV that is made of a Parquet file. */
export interface MadeTokens {
  readonly null: string
  readonly true: string
  readonly false: string
}

/**
 * The null of a made text is named after the hash of the delivered bytes: no file can hold its own hash, so no text in
 * the file means null.
 */
export function madeTokens(sha256: string): MadeTokens {
  return { null: `null-${sha256.slice(0, 32)}`, true: 'true', false: 'false' }
}

/**
 * The contract by which the text of a delivered file is checked and imported: the source's own for CSV, and for the text
 * that was made of a Parquet file the same with the tokens of that text.
 */
export function contractOfText(
  contract: SourceContract,
  { format, sha256 }: { readonly format: DeliveredFormat; readonly sha256: string },
): SourceContract {
  if (format !== 'parquet') return contract
  const tokens = madeTokens(sha256)
  return { ...contract, nulls: [tokens.null], booleans: { true: [tokens.true], false: [tokens.false] } }
}
