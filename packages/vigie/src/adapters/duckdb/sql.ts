/** A name as SQL. Names come from the definition and are checked there; they are quoted all the same. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text as SQL. DuckDB has no escapes inside single quotes but the doubled quote. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

export function literals(texts: readonly string[]): string {
  return texts.map(literal).join(', ')
}
