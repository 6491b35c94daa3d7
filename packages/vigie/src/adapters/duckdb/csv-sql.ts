import type { ColumnContract, SourceContract } from '../../domain/contract.ts'
import { identifier, literal, literals } from './sql.ts'
import { instantOnClock } from './zone-sql.ts'

/** DuckDB's own bound of a line. */
export const LINE_BYTES = 2_097_152
/** A field may have 64 KB, each byte may be a doubled quote, and two quotes and a comma stand around them. */
const FIELD_BYTES = 2 * 65_536 + 3

/** Most bytes of a line of a checked file of `bytes` bytes. */
export function longestLine(columns: number, bytes: number): number {
  return Math.max(LINE_BYTES, Math.min(columns * FIELD_BYTES, bytes))
}

/**
 * Reads a checked CSV as text, column by column in the order of its header, then casts by the contract.
 *
 * Nothing is sniffed: with sniffing on, DuckDB lost half the rows of a file in which a column appeared midway. The check
 * has refused every bad value already; the casts refuse again what they would otherwise bend (`3.7` to 4, `nan`).
 */
export function csvSelect(
  file: { readonly path: string; readonly bytes: number },
  header: readonly string[],
  contract: SourceContract,
): string {
  const lineBytes = longestLine(header.length, file.bytes)
  const typed = new Map(contract.columns.map((column) => [column.name, column]))
  const columns = header.map((name) => {
    const column = typed.get(name)
    return column ? `${cast(column, contract)} as ${identifier(name)}` : identifier(name)
  })
  return `select ${columns.join(', ')} from ${readCsv(file.path, header, lineBytes)}`
}

/** Columns by which a table is sorted. */
export function sortKey({ key, eventTime, createdTime }: SourceContract): readonly string[] {
  return [key, eventTime, createdTime].filter((name) => name !== null)
}

function readCsv(path: string, header: readonly string[], lineBytes: number): string {
  const types = header.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')
  const options = [
    'auto_detect = false',
    'header = false',
    'skip = 1',
    `columns = {${types}}`,
    `delim = ','`,
    `quote = '"'`,
    `escape = '"'`,
    'strict_mode = true',
    'null_padding = false',
    // Some text has to mean null. The check refuses NUL bytes, so no field is this one.
    'nullstr = chr(0)',
    `max_line_size = ${lineBytes}`,
    // Left alone it is sixteen lines, which for a wide file is more memory than the database has.
    `buffer_size = ${2 * lineBytes}`,
    // Quoted newlines that straddle the buffers of two threads are the least tried part of the reader.
    'parallel = false',
  ]
  return `read_csv(${literal(path)}, ${options.join(', ')})`
}

function cast(column: ColumnContract, { nulls, booleans }: SourceContract): string {
  const text = identifier(column.name)
  const branches = accepted(column, text, booleans)
  // Only here: a key that reads like a null token is a key.
  if (column.optional) branches.unshift(`when ${isOneOf(text, nulls)} then null`)
  const refused = literal(`${column.name} is no legal ${column.type}: `)
  return `case ${branches.join(' ')} else error(concat(${refused}, ${text})) end`
}

/** The branches of a CASE that accept a text. */
function accepted(column: ColumnContract, text: string, booleans: SourceContract['booleans']): string[] {
  switch (column.type) {
    case 'int':
      // Beyond 2^53 a float64 no longer holds every whole number.
      return [
        `when regexp_full_match(${text}, '-?(0|[1-9][0-9]{0,15})') and abs(${text}::bigint) <= 9007199254740992`,
        `then ${text}::bigint`,
      ]
    case 'float':
      return [`when isfinite(${text}::double) then ${text}::double`]
    case 'boolean':
      return [`when ${isOneOf(text, booleans.true)} then true`, `when ${isOneOf(text, booleans.false)} then false`]
    case 'category':
      // Kept as text: its code depends on the order in the definition, which may change.
      return [`when ${isOneOf(text, column.categories ?? [])} then ${text}`]
    case 'date':
      return [`when regexp_full_match(${text}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') then ${text}::date`]
    case 'timestamp':
      // Stored in UTC without a zone: what a session's zone is cannot change it.
      return [
        `when regexp_full_match(${text}, '.{19,26}(Z|[+-][0-9]{2}(:?[0-9]{2})?)')`,
        `then ${text}::timestamptz at time zone 'UTC'`,
        ...(column.zone === undefined
          ? []
          : [
              `when ${text} is not null`,
              `then ${instantOnClock(column.zone, `${text}::timestamp`, column.overlap ?? 'later')}`,
            ]),
      ]
    case 'string':
      return [`when ${text} is not null then ${text}`]
  }
}

function isOneOf(text: string, allowed: readonly string[]): string {
  return allowed.length > 0 ? `${text} in (${literals(allowed)})` : 'false'
}
