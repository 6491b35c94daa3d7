import type { ColumnContract } from '../../domain/contract.ts'
import { identifier } from '../duckdb/sql.ts'

/** A column of a Parquet file. */
export interface ParquetColumn {
  /** As the file has it. */
  readonly name: string
  /** As DuckDB calls it: names that differ only in case are numbered. */
  readonly readAs: string
  /** As DuckDB calls it, but for `INT96` and `TIMESTAMP_NS WITH TIME ZONE`, which it does not tell apart from others. */
  readonly type: string
}

const INTEGERS = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER']
const NUMBERS = [...INTEGERS, 'FLOAT', 'DOUBLE']
const INSTANTS = ['TIMESTAMP', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMP WITH TIME ZONE']

/**
 * Types of a Parquet file, as DuckDB calls them, in which a column of the contract may come. Nothing is bent: decimals,
 * INT96, UINT64, nanoseconds in UTC, times of day, intervals, bytes without an encoding, JSON, UUID and everything nested
 * is refused.
 */
export const ACCEPTED: Readonly<Record<ColumnContract['type'], readonly string[]>> = {
  int: INTEGERS,
  float: NUMBERS,
  boolean: ['BOOLEAN'],
  category: ['VARCHAR'],
  string: ['VARCHAR'],
  date: ['DATE'],
  timestamp: INSTANTS,
}

/** What may stand in columns that the definition does not use: they are kept as text. */
export const KEPT = [...NUMBERS, 'BOOLEAN', 'VARCHAR', 'DATE', ...INSTANTS]

/**
 * The values of a column as texts that the check reads back exactly: float64 in its shortest form, instants in UTC with
 * `Z`, clock times (written without UTC adjustment) without an offset, so that their column needs a zone.
 */
export function textOf({ readAs, type }: ParquetColumn): string {
  const value = identifier(readAs)
  switch (type) {
    case 'FLOAT':
      return `${value}::double::varchar`
    case 'BOOLEAN':
      return `case when ${value} then 'true' when not ${value} then 'false' end`
    case 'TIMESTAMP WITH TIME ZONE':
      // Through the number: the text of an instant would need a time zone database.
      return `case when isfinite(${value}) then ${iso(`make_timestamp(epoch_us(${value}))`)} || 'Z' when ${value} is not null then 'infinity' end`
    case 'TIMESTAMP_NS':
      // A nanosecond that would be lost stays in the text, and the check refuses it.
      return `case when epoch_ns(${value}) % 1000 = 0 then ${iso(`${value}::timestamp`)} else ${iso(value)} end`
    case 'TIMESTAMP':
    case 'TIMESTAMP_MS':
      return iso(value)
    default:
      return `${value}::varchar`
  }
}

function iso(value: string): string {
  return `replace(${value}::varchar, ' ', 'T')`
}
