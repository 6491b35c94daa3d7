import type { ClassWeight } from './class-weight.ts'

export interface LogisticRegression {
  readonly kind: 'logisticRegression'
  /** Half of it times the squared coefficients is added to the sum of the rows' log losses. scikit-learn's `1 / C`. */
  readonly l2: number
  /** Most Newton steps; a fit that does not settle in them is refused. */
  readonly maxIterations: number
  /** Ends when no derivative of the mean loss is larger. */
  readonly tolerance: number
  readonly classWeight: ClassWeight
}

export interface LinearRegression {
  readonly kind: 'linearRegression'
  /** Times the squared coefficients is added to the sum of the squared errors. scikit-learn's `alpha`. 0: least squares. */
  readonly l2: number
  readonly maxIterations: number
  /** Ends when no derivative of half the mean squared error is larger, in standard deviations of the label. */
  readonly tolerance: number
}

/**
 * Logistic regression for two or several classes (a softmax then), with an L2 penalty on all coefficients but the
 * intercepts. Numbers are standardised inside; booleans count 0 or 1; a category has a column for each of its values.
 * Null counts as the mean, and where it is legal (an optional feature) a column of its own says that it was null.
 *
 * `C` may be given in place of `l2`, which is `1 / C`.
 */
export function logisticRegression(
  options: Partial<Omit<LogisticRegression, 'kind' | 'l2'>> &
    ({ readonly l2?: number; readonly C?: never } | { readonly C: number; readonly l2?: never }) = {},
): LogisticRegression {
  const { C, l2 = C === undefined ? 1 : 1 / C, ...rest } = options
  return { kind: 'logisticRegression', maxIterations: 100, tolerance: 1e-8, classWeight: 'none', ...rest, l2 }
}

/** Linear regression for labels that are numbers, with the same features and penalty: ridge regression. */
export function linearRegression(options: Partial<Omit<LinearRegression, 'kind'>> = {}): LinearRegression {
  return { kind: 'linearRegression', l2: 1, maxIterations: 100, tolerance: 1e-8, ...options }
}
