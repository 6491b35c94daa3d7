import type { RowRule } from '../../domain/contract.ts'
import { literal, stringLiteral } from './literal.ts'

/** A row rule as the definition writes it: `rule('refunds are at most the fee', atMost('refund', 'fee'))`. */
export function ruleText({ name, that, when, severity }: RowRule): string {
  const options = [
    ...(when ? [`when: ${conditionText(when)}`] : []),
    ...(severity === 'hold' ? ["severity: 'hold'"] : []),
  ]
  const rest = options.length > 0 ? `, { ${options.join(', ')} }` : ''
  return `rule(${stringLiteral(name)}, ${conditionText(that)}${rest})`
}

function conditionText({ kind, left, right }: RowRule['that']): string {
  return `${kind}(${stringLiteral(left)}, ${operandText(right)})`
}

/** Only texts need a mark: alone, they are the names of columns. */
function operandText(right: RowRule['that']['right']): string {
  if ('column' in right) return stringLiteral(right.column)
  return typeof right.constant === 'string' ? `value(${stringLiteral(right.constant)})` : literal(right.constant)
}

/** The names that a rule's text takes from the package. */
export function ruleWords({ that, when }: RowRule): readonly string[] {
  const conditions = when ? [that, when] : [that]
  const constants = conditions.some(({ right }) => 'constant' in right && typeof right.constant === 'string')
  return ['rule', ...conditions.map(({ kind }) => kind), ...(constants ? ['value'] : [])]
}
