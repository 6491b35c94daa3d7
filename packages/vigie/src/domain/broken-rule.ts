import type { VigieError } from '../errors.ts'
import type { BrokenRule } from './contract.ts'

/** An error about a delivered file as the rule that it says is broken. */
export function brokenRuleOf(source: string, { code, message, hint, details }: VigieError): BrokenRule {
  const { rule = '', value = '', line = null, column = null } = details
  return {
    code,
    source,
    column,
    rule,
    severity: 'reject',
    // The file and the line stand beside it.
    text: message.replace(/^[^:"]*: /, ''),
    value,
    rows: null,
    examples: line === null ? [] : [{ line, value }],
    hint,
  }
}
