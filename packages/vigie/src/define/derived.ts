import { type Expression, mapColumns } from '../domain/expression/expression.ts'
import { VigieError } from '../errors.ts'
import type { ValueOf } from './feature.ts'
import type { FeatureViews } from './project.ts'

declare const reads: unique symbol

/** A column by its selector, before the declaration says what it is. */
export interface Selected {
  readonly selector: string
  readonly previous: boolean
}

/**
 * A number that is computed from features: `Reads` are their selectors. The same code computes it for training, for
 * the monitor and for a request.
 *
 * Null in gives null out, except for `isNull` and `ifNull`. So does what has no finite result: a ratio by 0, the
 * logarithm of 0 or less, a product beyond float64. Each operation decides this for itself.
 */
export interface Derived<Reads extends string = string> {
  readonly kind: 'derived'
  readonly expression: Expression<Selected>
  readonly [reads]?: Reads
}

/** A number, a boolean that counts as 0 or 1, or another expression: `'view.feature'`, `12`, `log1p('view.feature')`. */
export type Argument = string | number | Derived

type ReadsOf<A> = A extends string ? A : A extends Derived<infer R> ? R : never

/** What expressions may read: numbers and booleans, and categories beside one of their texts. */
export type Readable<V extends FeatureViews> = {
  [N in keyof V & string]: {
    [F in keyof V[N]['features'] & string]: Reading<`${N}.${F}`, NonNullable<ValueOf<V[N]['features'][F]>>>
  }[keyof V[N]['features'] & string]
}[keyof V & string]

type Reading<Selector extends string, Value> = Value extends number | boolean
  ? Selector
  : string extends Value
    ? never
    : Value extends string
      ? `${Selector} = ${Value}`
      : never

/** `left + right` */
export function add<A extends Argument, B extends Argument>(left: A, right: B): Derived<ReadsOf<A> | ReadsOf<B>> {
  return derived({ op: 'add', left: operand(left), right: operand(right) })
}

/** `left - right` */
export function subtract<A extends Argument, B extends Argument>(left: A, right: B): Derived<ReadsOf<A> | ReadsOf<B>> {
  return derived({ op: 'subtract', left: operand(left), right: operand(right) })
}

/** `left * right` */
export function multiply<A extends Argument, B extends Argument>(left: A, right: B): Derived<ReadsOf<A> | ReadsOf<B>> {
  return derived({ op: 'multiply', left: operand(left), right: operand(right) })
}

/** `numerator / denominator`; null where the denominator is 0. */
export function ratio<A extends Argument, B extends Argument>(
  numerator: A,
  denominator: B,
): Derived<ReadsOf<A> | ReadsOf<B>> {
  return derived({ op: 'ratio', left: operand(numerator), right: operand(denominator) })
}

/** The natural logarithm; null for 0 and less. */
export function log<A extends Argument>(of: A): Derived<ReadsOf<A>> {
  return derived({ op: 'log', of: operand(of) })
}

/** The natural logarithm of `1 + of`, exact near 0; null for -1 and less. */
export function log1p<A extends Argument>(of: A): Derived<ReadsOf<A>> {
  return derived({ op: 'log1p', of: operand(of) })
}

/** The square root; null below 0. */
export function sqrt<A extends Argument>(of: A): Derived<ReadsOf<A>> {
  return derived({ op: 'sqrt', of: operand(of) })
}

/** The distance from 0. */
export function abs<A extends Argument>(of: A): Derived<ReadsOf<A>> {
  return derived({ op: 'abs', of: operand(of) })
}

/** The value, but never below `low` or above `high`. */
export function clip<A extends Argument>(
  of: A,
  { low, high }: { readonly low: number; readonly high: number },
): Derived<ReadsOf<A>> {
  return derived({ op: 'clip', of: operand(of), low: positive(low), high: positive(high) })
}

/** The number of the bucket, from 0: how many of the ascending edges are at most the value. */
export function bucket<A extends Argument>(of: A, edges: readonly number[]): Derived<ReadsOf<A>> {
  return derived({ op: 'bucket', of: operand(of), edges: edges.map(positive) })
}

/** The value, or `value` where it is null. */
export function ifNull<A extends Argument>(of: A, value: number): Derived<ReadsOf<A>> {
  return derived({ op: 'ifNull', of: operand(of), value: positive(value) })
}

/** 1 where the value is null, else 0. */
export function isNull<A extends Argument>(of: A): Derived<ReadsOf<A>> {
  return derived({ op: 'isNull', of: operand(of) })
}

/** 1 where a category is this one of its texts, or a number this one, else 0; null stays null. */
export function isEqual<A extends string, const C extends string>(category: A, text: C): Derived<`${A} = ${C}`>
export function isEqual<A extends Argument>(of: A, value: number): Derived<ReadsOf<A>>
export function isEqual(of: Argument, value: number | string): Derived {
  return derived({ op: 'isEqual', of: operand(of), value: typeof value === 'number' ? positive(value) : value })
}

/** 1 where `left > right`, else 0; null where either is. */
export function isAbove<A extends Argument, B extends Argument>(left: A, right: B): Derived<ReadsOf<A> | ReadsOf<B>> {
  return derived({ op: 'isAbove', left: operand(left), right: operand(right) })
}

/** 1 where `left < right`, else 0; null where either is. */
export function isBelow<A extends Argument, B extends Argument>(left: A, right: B): Derived<ReadsOf<A> | ReadsOf<B>> {
  return derived({ op: 'isBelow', left: operand(left), right: operand(right) })
}

/** 1 where `left >= right`, else 0; null where either is. */
export function isAtLeast<A extends Argument, B extends Argument>(left: A, right: B): Derived<ReadsOf<A> | ReadsOf<B>> {
  return derived({ op: 'isAtLeast', left: operand(left), right: operand(right) })
}

/** 1 where `left <= right`, else 0; null where either is. */
export function isAtMost<A extends Argument, B extends Argument>(left: A, right: B): Derived<ReadsOf<A> | ReadsOf<B>> {
  return derived({ op: 'isAtMost', left: operand(left), right: operand(right) })
}

/**
 * What the value was in the snapshot of the month end before the one that the newest value is from, as it is known at
 * the same time: a correction of that month counts from when it came. Null when that month has no row of the entity, or
 * no snapshot. Views with an `eventTime` have no such value.
 */
export function previous<A extends Argument>(of: A): Derived<ReadsOf<A>> {
  const before = ({ selector, previous: already }: Selected): Selected => {
    if (already) {
      throw new VigieError('definition_invalid', `"${selector}" is asked for two snapshots back`, {
        rule: 'an expression reads the newest snapshot and the one before it',
        value: selector,
      })
    }
    return { selector, previous: true }
  }
  return derived(mapColumns(operand(of), before))
}

/** The change since the month end before: `of - previous(of)`, null where there is no value before. */
export function difference<A extends Argument>(of: A): Derived<ReadsOf<A>> {
  return derived({ op: 'subtract', left: operand(of), right: previous(of).expression })
}

function derived<R extends string>(expression: Expression<Selected>): Derived<R> {
  return { kind: 'derived', expression }
}

function operand(argument: Argument): Expression<Selected> {
  if (typeof argument === 'number') return { op: 'constant', value: positive(argument) }
  if (typeof argument === 'string') return { op: 'column', column: { selector: argument, previous: false } }
  return argument.expression
}

/** JSON has no -0, and a model reads its expressions from JSON. */
function positive(value: number): number {
  return value + 0
}
