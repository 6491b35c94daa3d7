import type { Comparison, Operand, Requirement, RowRule, Severity } from '../domain/contract.ts'

/**
 * A rule between the columns of one row, for `rules` of a view, source or label. Rows that break it are `row_rule`.
 *
 * @example
 * rule('refunds are at most the fee', atMost('refund', 'monthly_fee'))
 * rule('free plans cost nothing', equal('monthly_fee', 0), { when: equal('plan', value('free')), severity: 'hold' })
 */
export function rule<const C extends string>(
  name: string,
  that: Comparison<C> | Requirement<C>,
  { when = null, severity = 'reject' }: { readonly when?: Comparison<C> | null; readonly severity?: Severity } = {},
): RowRule<C> {
  return { name, that, when, severity }
}

/** A constant where a text alone would be a column: a category, a date `YYYY-MM-DD` or an instant with its offset. */
export function value(constant: string): { readonly constant: string } {
  return { constant }
}

/** A text is the name of a column; numbers and booleans are constants. */
type Right = string | number | boolean | { readonly constant: string }

/** Numbers, dates and instants: `left < right`. With a null on either side it holds, as all comparisons do. */
export const lessThan = comparison('lessThan')
/** Numbers, dates and instants: `left <= right`. */
export const atMost = comparison('atMost')
/** Any two columns of one type but text, or a column and a constant. */
export const equal = comparison('equal')
export const notEqual = comparison('notEqual')

/** A row with a value of `left` has one of `right`. */
export function requires<const C extends string>(left: C, right: C): Requirement<C> {
  return { kind: 'requires', left, right: { column: right } }
}

function comparison(kind: Comparison['kind']) {
  return <const L extends string, const R extends Right>(left: L, right: R): Comparison<L | Extract<R, string>> => ({
    kind,
    left,
    right: operand(right),
  })
}

function operand<R extends Right>(right: R): Operand<Extract<R, string>> {
  if (typeof right === 'string') return { column: right as Extract<R, string> }
  return typeof right === 'object' ? right : { constant: right as number | boolean }
}
