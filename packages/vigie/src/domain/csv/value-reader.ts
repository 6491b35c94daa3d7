import { type AsOf, asOfDays, asOfFromDays } from '../as-of.ts'
import type { ColumnContract, SourceContract } from '../contract.ts'
import type { ReadNumber } from './check.ts'
import { daysAt } from './dates.ts'
import { excerptOf } from './excerpt.ts'
import { readNumber } from './numbers.ts'
import { instantReader } from './timestamps.ts'
import { tokenCodes, tokenSet } from './tokens.ts'

/**
 * Values of all types as numbers, so that rules compare them without making a string: dates as days and instants as
 * microseconds since 1970, booleans as 0 and 1, categories as their place among all texts of `categories`. Null is NaN.
 */
export class ValueNumbers {
  readonly #contract: SourceContract
  readonly #codes: ReadonlyMap<string, number>
  readonly #texts: readonly string[]

  constructor(contract: SourceContract) {
    this.#contract = contract
    this.#texts = [...new Set(contract.columns.flatMap((column) => column.categories ?? []))]
    this.#codes = new Map(this.#texts.map((text, code) => [text, code]))
  }

  /** Reads a value that the column's check accepts. */
  reader(column: ColumnContract): ReadNumber {
    const read = this.#typed(column)
    if (!column.optional) return read
    const isNull = tokenSet(this.#contract.nulls)
    return (bytes, start, end) => (isNull(bytes, start, end) ? Number.NaN : read(bytes, start, end))
  }

  #typed(column: ColumnContract): ReadNumber {
    const { booleans } = this.#contract
    switch (column.type) {
      case 'int':
      case 'float':
        return readNumber
      case 'date':
        return (bytes, start, end) => (end - start === 10 ? daysAt(bytes, start) : Number.NaN)
      case 'timestamp':
        return instantReader(column)
      case 'boolean':
        return tokenCodes(
          new Map([...booleans.true.map((t) => [t, 1] as const), ...booleans.false.map((t) => [t, 0] as const)]),
        )
      case 'category':
        return tokenCodes(this.#codes)
      case 'string':
        return () => 1
    }
  }

  /** The number of a constant of the definition. */
  constant(column: ColumnContract, constant: number | string | boolean): number {
    if (typeof constant === 'number') return constant
    if (typeof constant === 'boolean') return Number(constant)
    if (column.type === 'category') return this.#codes.get(constant) ?? Number.NaN
    if (column.type === 'date') return asOfDays(constant as AsOf)
    const bytes = new TextEncoder().encode(constant)
    return instantReader({})(bytes, 0, bytes.length)
  }

  /** A value as people may see it. */
  shown(column: ColumnContract, value: number): string {
    if (Number.isNaN(value)) return 'null'
    switch (column.type) {
      case 'int':
      case 'float':
        return String(value)
      case 'date':
        return asOfFromDays(value)
      case 'timestamp':
        return Temporal.Instant.fromEpochNanoseconds(BigInt(value) * 1000n).toString()
      case 'boolean':
        return String(value === 1)
      case 'category':
        return excerptOf(this.#texts[value] ?? '')
      case 'string':
        return 'not null'
    }
  }
}
