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
  readonly [value]?: T
}

export type ValueOf<F> = F extends Feature<infer T> ? T : never

interface Range {
  readonly min?: number
  readonly max?: number
}

function range(type: 'int' | 'float', { min, max }: Range): Feature<number> {
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
  return { type, optional: false, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
}

/** The column types. None of them is ever guessed from data. */
export const f = {
  /** A whole number, exact up to 2^53. */
  int: (options: Range = {}): Feature<number> => range('int', options),
  /** A finite float64. */
  float: (options: Range = {}): Feature<number> => range('float', options),
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
   * An instant in ISO 8601 with its offset, `2024-01-31T12:00:00.000001Z`, to the microsecond. Texts without an offset
   * are refused unless a `zone` says where their clock hung.
   */
  timestamp: (options: { readonly zone?: string } = {}): Feature<string> => ({
    type: 'timestamp',
    optional: false,
    ...options,
  }),
  /** The same column, where null is a legal value that stays null. */
  optional: <T>(feature: Feature<T>): Feature<T | null> => ({ ...feature, optional: true }) as Feature<T | null>,
} as const
