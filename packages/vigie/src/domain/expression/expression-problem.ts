import type { FeatureColumn } from '../feature-spec.ts'

/** How deep an expression may nest. */
export const MAX_DEPTH = 32
/** How many operations, columns and constants it may have. */
export const MAX_NODES = 1000
const MAX_EDGES = 1000
const BINARY = ['add', 'subtract', 'multiply', 'ratio', 'isAbove', 'isBelow', 'isAtLeast', 'isAtMost']
const UNARY = ['log', 'log1p', 'sqrt', 'abs', 'isNull']

/**
 * What is wrong with something that should be an `Expression`; null when it is one. Believes nothing of the value, which
 * may come from a file: unknown fields are refused like unknown operations, and size and depth are bounded.
 *
 * `isColumn` tells a base column. Categories may only be compared with one of their texts.
 */
export function expressionProblem(value: unknown, isColumn: (value: unknown) => value is FeatureColumn): string | null {
  let nodes = 0
  let columns = 0
  const visit = (node: unknown, depth: number): string | null => {
    if (depth > MAX_DEPTH) return `an expression nests at most ${MAX_DEPTH} deep`
    if (++nodes > MAX_NODES) return `an expression has at most ${MAX_NODES} parts`
    if (!isRecord(node)) return 'an expression is an object'
    const { op } = node
    if (op === 'column') {
      if (!(hasFields(node, 'column') && isColumn(node.column))) return 'a column is malformed'
      columns++
      return node.column.type === 'category' ? 'a category is only compared with one of its texts' : null
    }
    if (op === 'constant') return hasFields(node, 'value') && isNumber(node.value) ? null : 'a constant is finite'
    if (BINARY.includes(op as string)) {
      if (!hasFields(node, 'left', 'right')) return 'an operation has other fields'
      return visit(node.left, depth + 1) ?? visit(node.right, depth + 1)
    }
    if (op === 'isEqual' && isTextOfColumn(node, isColumn)) {
      nodes++
      columns++
      return null
    }
    return ownFields(node) ?? visit(node.of, depth + 1)
  }
  return visit(value, 1) ?? (columns === 0 ? 'an expression reads at least one column' : null)
}

/** What is wrong with the fields of an operation on one number, beside that number. */
function ownFields(node: Record<string, unknown>): string | null {
  const { op, low, high, edges, value } = node
  if (UNARY.includes(op as string)) return hasFields(node, 'of') ? null : 'an operation has other fields'
  if (op === 'clip') {
    const holds = hasFields(node, 'high', 'low', 'of') && isNumber(low) && isNumber(high) && low <= high
    return holds ? null : 'a clip has a finite low that is at most its finite high'
  }
  if (op === 'bucket') {
    return hasFields(node, 'edges', 'of') && areEdges(edges)
      ? null
      : `a bucket has 1 to ${MAX_EDGES} finite edges, ascending`
  }
  if (op === 'ifNull') {
    return hasFields(node, 'of', 'value') && isNumber(value) ? null : 'ifNull gives a finite number'
  }
  if (op === 'isEqual') {
    return hasFields(node, 'of', 'value') && isNumber(value)
      ? null
      : 'isEqual compares with a finite number, or a category with one of its texts'
  }
  return 'the operation is not known'
}

function isTextOfColumn(
  { of, value, ...rest }: Record<string, unknown>,
  isColumn: (value: unknown) => value is FeatureColumn,
): boolean {
  if (typeof value !== 'string' || !hasFields(rest) || !isRecord(of)) return false
  const { column } = of
  if (of.op !== 'column' || !hasFields(of, 'column') || !isColumn(column)) return false
  return column.type === 'category' && (column.categories?.includes(value) ?? false)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True when these are all the fields beside `op`. */
function hasFields(node: Record<string, unknown>, ...sorted: readonly string[]): boolean {
  const fields = Object.keys(node).filter((field) => field !== 'op')
  return fields.length === sorted.length && fields.sort().every((field, i) => field === sorted[i])
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function areEdges(edges: unknown): boolean {
  if (!(Array.isArray(edges) && edges.length >= 1 && edges.length <= MAX_EDGES)) return false
  // Array.from, because every() passes over holes.
  return Array.from(edges).every((edge, i) => isNumber(edge) && (i === 0 || edges[i - 1] < edge))
}
