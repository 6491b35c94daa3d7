import type { FeatureColumn } from '../feature-spec.ts'

/** A part of the rows. */
export interface Slice {
  readonly name: string
  /** Ascending. */
  readonly rows: Int32Array
}

const QUANTILES = [0.25, 0.5, 0.75]

/**
 * The parts that one feature makes of the rows: one a category, true and false, or quarters of the numbers, each ending
 * at its quantile; and those without a value. Parts without rows are left out.
 */
export function slicesOf(column: FeatureColumn, values: Float64Array): readonly Slice[] {
  const parts = new Map<number, number[]>()
  const numeric = column.type === 'int' || column.type === 'float'
  const edges = numeric ? quarters(values) : []
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const part = Number.isNaN(value) ? -1 : numeric ? partOf(value, edges) : value
    const rows = parts.get(part)
    if (rows) rows.push(i)
    else parts.set(part, [i])
  }
  return [...parts]
    .sort(([a], [b]) => a - b)
    .map(([part, rows]) => ({ name: nameOf(column, part, edges), rows: Int32Array.from(rows) }))
}

function quarters(values: Float64Array): readonly number[] {
  const known = values.filter((value) => !Number.isNaN(value)).sort()
  if (known.length === 0) return []
  const edges = QUANTILES.map((q) => known[Math.floor((known.length - 1) * q)]!)
  return [...new Set(edges)].filter((edge) => edge < known[known.length - 1]!)
}

/** The first part whose edge is not below the value. */
function partOf(value: number, edges: readonly number[]): number {
  const part = edges.findIndex((edge) => value <= edge)
  return part === -1 ? edges.length : part
}

function nameOf({ name, type, categories }: FeatureColumn, part: number, edges: readonly number[]): string {
  if (part === -1) return `${name} is null`
  if (type === 'category') return `${name} = ${categories?.[part] ?? part}`
  if (type === 'boolean') return `${name} = ${part === 1}`
  if (edges.length === 0) return `${name} has a value`
  if (part === 0) return `${name} <= ${edges[0]}`
  return part === edges.length ? `${name} > ${edges[part - 1]}` : `${edges[part - 1]} < ${name} <= ${edges[part]}`
}
