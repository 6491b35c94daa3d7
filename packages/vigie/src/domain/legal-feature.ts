import { expressionProblem } from './expression/expression-problem.ts'
import { DERIVED, type FeatureColumn } from './feature-spec.ts'
import { MAX_CATEGORIES } from './trees/bins.ts'

const FIELDS = ['feature', 'name', 'optional', 'type', 'view']

/**
 * True for a well-formed input of a model, whatever came out of a file or a database: a base column that a forest can
 * read, or a derived one with a legal expression of base columns.
 */
export function isLegalFeature(value: unknown): value is FeatureColumn {
  if (!(isRecord(value) && Object.hasOwn(value, 'expression'))) {
    return isBaseColumn(value) && (value.categories?.length ?? 0) <= MAX_CATEGORIES
  }
  const { expression, ...column } = value
  if (!(isBaseColumn(column) && column.type === 'float' && column.optional && column.view === DERIVED)) return false
  return expressionProblem(expression, isExpressionColumn) === null
}

/** A column of an expression may also be the value before. */
function isExpressionColumn(value: unknown): value is FeatureColumn {
  if (!(isRecord(value) && Object.hasOwn(value, 'lag'))) return isBaseColumn(value)
  const { lag, ...column } = value
  return lag === 1 && isBaseColumn(column) && column.optional
}

function isBaseColumn(value: unknown): value is FeatureColumn {
  if (!isRecord(value)) return false
  const { name, view, feature, type, optional, categories } = value
  if (!(isText(name) && isText(view) && isText(feature) && typeof optional === 'boolean')) return false
  if (type !== 'category')
    return (type === 'int' || type === 'float' || type === 'boolean') && sameFields(value, FIELDS)
  return sameFields(value, ['categories', ...FIELDS]) && Array.isArray(categories) && categories.every(isText)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function sameFields(value: Record<string, unknown>, sorted: readonly string[]): boolean {
  const fields = Object.keys(value).sort()
  return fields.length === sorted.length && fields.every((field, i) => field === sorted[i])
}

export function isText(value: unknown): value is string {
  return typeof value === 'string'
}
