import type { FeatureColumn } from '../feature-spec.ts'

/** Operations on two numbers. Comparisons give 1 or 0. */
export type BinaryOperation =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'ratio'
  | 'isAbove'
  | 'isBelow'
  | 'isAtLeast'
  | 'isAtMost'

/** Operations on one number; `isNull` gives 1 or 0, never null. */
export type UnaryOperation = 'log' | 'log1p' | 'sqrt' | 'abs' | 'isNull'

/**
 * How one number follows from the columns of a row: data, never code. It names its columns whole, so that it means the
 * same wherever it is read. A boolean counts as 0 or 1.
 *
 * Null is NaN and goes through every operation but `isNull` and `ifNull`. What has no finite result (a ratio by 0, the
 * logarithm of 0, a product beyond float64) is null, at the operation where it arises.
 */
export type Expression<Column = FeatureColumn> =
  | { readonly op: 'column'; readonly column: Column }
  | { readonly op: 'constant'; readonly value: number }
  | { readonly op: BinaryOperation; readonly left: Expression<Column>; readonly right: Expression<Column> }
  | { readonly op: UnaryOperation; readonly of: Expression<Column> }
  | { readonly op: 'clip'; readonly of: Expression<Column>; readonly low: number; readonly high: number }
  /** The number of edges that are at most the value: 0 below the first. */
  | { readonly op: 'bucket'; readonly of: Expression<Column>; readonly edges: readonly number[] }
  | { readonly op: 'ifNull'; readonly of: Expression<Column>; readonly value: number }
  /** 1 or 0. A text is compared with a column of categories, which nothing else reads. */
  | { readonly op: 'isEqual'; readonly of: Expression<Column>; readonly value: number | string }

/** The expressions that one is made of, in the order in which they are written. */
export function operands<Column>(expression: Expression<Column>): readonly Expression<Column>[] {
  if ('of' in expression) return [expression.of]
  return 'left' in expression ? [expression.left, expression.right] : []
}

/** The columns that it reads, in the order in which they are written, each as often as it is. */
export function columnsOf<Column>(expression: Expression<Column>): readonly Column[] {
  return expression.op === 'column' ? [expression.column] : operands(expression).flatMap(columnsOf)
}

/** The same expression over other columns. */
export function mapColumns<From, To>(expression: Expression<From>, to: (column: From) => To): Expression<To> {
  if (expression.op === 'column') return { op: 'column', column: to(expression.column) }
  if ('of' in expression) return { ...expression, of: mapColumns(expression.of, to) }
  if (!('left' in expression)) return expression
  return { ...expression, left: mapColumns(expression.left, to), right: mapColumns(expression.right, to) }
}
