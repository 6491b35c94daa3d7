import type { Severity } from '../domain/contract.ts'
import { VigieError } from '../errors.ts'

declare const value: unique symbol

export type DefinedType = 'int' | 'float' | 'boolean' | 'category' | 'string' | 'date' | 'timestamp'

/** One column as the user declares it. `T` is what a client reads. */
export interface Feature<T = unknown> {
  readonly type: DefinedType
  readonly optional: boolean
  readonly min?: number
  readonly max?: number
  readonly categories?: readonly string[]
  readonly zone?: string
  readonly overlap?: 'earlier' | 'later'
  readonly sentinels?: readonly number[]
  readonly maxNullRate?: number
  readonly unique?: boolean
  readonly severity?: Severity
  readonly [value]?: T
}

export type ValueOf<F> = F extends Feature<infer T> ? T : never

interface Numbers {
  readonly min?: number
  readonly max?: number
  /** Numbers that a supplier writes where there is no value, such as -1 or 999. They are refused. */
  readonly sentinels?: readonly number[]
}

function numbers(type: 'int' | 'float', { min, max, sentinels }: Numbers): Feature<number> {
  for (const [name, bound] of Object.entries({ min, max })) {
    if (bound !== undefined && !(Number.isFinite(bound) && (type === 'float' || Number.isSafeInteger(bound)))) {
      throw new VigieError('definition_invalid', `f.${type}({ ${name}: ${bound} }) has no usable ${name}`, {
        rule: `${name} is a finite ${type === 'int' ? 'whole ' : ''}number`,
        value: String(bound),
      })
    }
  }
  if (min !== undefined && max !== undefined && min > max) {
    throw new VigieError('definition_invalid', `f.${type}({ min: ${min}, max: ${max} }) allows no value`, {
      rule: 'min is at most max',
      value: `${min} > ${max}`,
    })
  }
  const unusable = sentinels?.find((number) => !Number.isFinite(number))
  if (unusable !== undefined) {
    throw new VigieError('definition_invalid', `f.${type}({ sentinels }) has the sentinel ${unusable}`, {
      rule: 'sentinels are finite numbers',
      value: String(unusable),
    })
  }
  return {
    type,
    optional: false,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(sentinels === undefined ? {} : { sentinels }),
  }
}

interface Instants {
  /** Where the clock hung of times that carry no offset, as `Europe/Paris`. */
  readonly zone?: string
  /** Which one is meant by a time that this clock showed twice; without it such times are refused. */
  readonly overlap?: 'earlier' | 'later'
}

/** The column types. None of them is ever guessed from data. */
export const f = {
  /** A whole number, exact up to 2^53. */
  int: (options: Numbers = {}): Feature<number> => numbers('int', options),
  /** A finite float64. */
  float: (options: Numbers = {}): Feature<number> => numbers('float', options),
  boolean: (): Feature<boolean> => ({ type: 'boolean', optional: false }),
  /** One of the listed texts, exactly as written. */
  category: <const C extends readonly [string, ...string[]]>(...categories: C): Feature<C[number]> => {
    const twice = categories.find((c, i) => categories.indexOf(c) !== i)
    if (categories.length === 0 || twice !== undefined) {
      throw new VigieError('definition_invalid', 'f.category(...) needs distinct values, at least one', {
        rule: 'the values of a category are distinct',
        value: twice ?? 'no value',
      })
    }
    return { type: 'category', optional: false, categories }
  },
  /** Text that no model reads: keys, and columns that are kept. */
  string: (): Feature<string> => ({ type: 'string', optional: false }),
  /** A calendar date `YYYY-MM-DD`. */
  date: (): Feature<string> => ({ type: 'date', optional: false }),
  /**
   * An instant in ISO 8601 with its offset, `2024-01-31T12:00:00.000001Z`, to the microsecond, in the years 1900 to 2200.
   * Texts without an offset are refused unless a `zone` says where their clock hung; times that this clock skipped, or
   * showed twice, are refused too, the latter unless `overlap` says which one is meant.
   */
  timestamp: (options: Instants = {}): Feature<string> => ({ type: 'timestamp', optional: false, ...options }),
  /** The same column, where null is a legal value that stays null: in at most `maxNullRate` of the rows of a file. */
  optional: <T>(feature: Feature<T>, options: { readonly maxNullRate?: number } = {}): Feature<T | null> =>
    ({ ...feature, optional: true, ...options }) as Feature<T | null>,
  /** The same column, in which no value appears twice in one file, nulls apart. */
  unique: <T>(feature: Feature<T>): Feature<T> => ({ ...feature, unique: true }),
  /**
   * The same column, whose broken rules keep a delivery back until a person approves it, instead of refusing it. These
   * are the rules about values that could be stored: min and max, sentinels, `unique` and `maxNullRate`.
   */
  hold: <T>(feature: Feature<T>): Feature<T> => ({ ...feature, severity: 'hold' }),
} as const
