/** How values are written in CSV files. */
export interface CsvTokens {
  readonly nulls: readonly string[]
  readonly booleans: { readonly true: readonly string[]; readonly false: readonly string[] }
}

/**
 * `csv({ nulls: [''], booleans: ['True', 'False'] })`: only these texts mean null, true and false; anything else in
 * such a column is an error. The default takes the empty text for null and `true`/`True`, `false`/`False`.
 */
export function csv(
  options: { readonly nulls?: readonly string[]; readonly booleans?: readonly [string, string] } = {},
): CsvTokens {
  const { nulls = [''], booleans } = options
  return {
    nulls,
    booleans: booleans
      ? { true: [booleans[0]], false: [booleans[1]] }
      : { true: ['True', 'true'], false: ['False', 'false'] },
  }
}

/** What every declaration that reads a file can say about it. */
export interface FileOptions {
  /** Overrides the project's tokens for this file. */
  readonly csv?: CsvTokens
  /** Columns that the file has and the definition does not use. They are kept as text. */
  readonly unused?: readonly string[]
  /** `keep` also keeps columns that nobody named; the default refuses the file. */
  readonly extra?: 'keep' | 'reject'
}
