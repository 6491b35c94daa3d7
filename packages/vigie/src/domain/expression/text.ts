import type { FeatureColumn } from '../feature-spec.ts'
import type { BinaryOperation, Expression } from './expression.ts'

const SIGNS: Readonly<Record<BinaryOperation, string>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  ratio: '/',
  isAbove: '>',
  isBelow: '<',
  isAtLeast: '>=',
  isAtMost: '<=',
}

/** An expression as people read it: `usage.hours - usage.hours@previous`, `log1p(money.fee / usage.hours)`. */
export function expressionText(expression: Expression<FeatureColumn>): string {
  if (expression.op === 'column') return expression.column.name
  if (expression.op === 'constant') return String(expression.value)
  if ('left' in expression) return `${inner(expression.left)} ${SIGNS[expression.op]} ${inner(expression.right)}`
  const of = expressionText(expression.of)
  switch (expression.op) {
    case 'clip':
      return `clip(${of}, ${expression.low}, ${expression.high})`
    case 'bucket':
      return `bucket(${of}, [${expression.edges.join(', ')}])`
    case 'ifNull':
      return `ifNull(${of}, ${expression.value})`
    case 'isEqual':
      return `${inner(expression.of)} = ${JSON.stringify(expression.value)}`
    default:
      return `${expression.op}(${of})`
  }
}

function inner(expression: Expression<FeatureColumn>): string {
  const text = expressionText(expression)
  return 'left' in expression || expression.op === 'isEqual' ? `(${text})` : text
}
