import type { ColumnContract } from '../../domain/contract.ts'
import { literal, stringLiteral } from './literal.ts'

/** A column as the definition declares it: `f.optional(f.int({ min: 0 }), { maxNullRate: 0.1 })`. */
export function columnText(column: ColumnContract): string {
  let text = typeText(column)
  if (column.optional) {
    text =
      column.maxNullRate === undefined
        ? `f.optional(${text})`
        : `f.optional(${text}, ${literal({ maxNullRate: column.maxNullRate })})`
  }
  if (column.unique) text = `f.unique(${text})`
  return column.severity === 'hold' ? `f.hold(${text})` : text
}

function typeText({ type, min, max, sentinels, categories = [], zone, overlap }: ColumnContract): string {
  switch (type) {
    case 'int':
    case 'float':
      return `f.${type}(${options({ min, max, sentinels })})`
    case 'category':
      return `f.category(${categories.map(stringLiteral).join(', ')})`
    case 'timestamp':
      return `f.timestamp(${options({ zone, overlap })})`
    case 'boolean':
    case 'string':
    case 'date':
      return `f.${type}()`
  }
}

function options(given: Readonly<Record<string, unknown>>): string {
  const text = literal(given)
  return text === '{}' ? '' : text
}
