import type { ColumnContract, SourceContract } from '../contract.ts'
import { type Check, type Finding, textOf } from './check.ts'
import { dateCheck } from './dates.ts'
import { excerptOf } from './excerpt.ts'
import { keyCheck } from './keys.ts'
import { nearest } from './nearest.ts'
import { floatCheck, intCheck } from './numbers.ts'
import { timestampCheck } from './timestamps.ts'
import { tokenSet } from './tokens.ts'

/** What the values of one column must be. Tokens are the contract's and exact: nothing else is null, true or false. */
export function columnCheck(column: ColumnContract, contract: SourceContract): Check {
  // A key that reads like a null token is a key.
  if (column.name === contract.key) return keyCheck
  const check = typeCheck(column, contract)
  const isNull = tokenSet(contract.nulls)
  if (column.optional) return (bytes, start, end) => (isNull(bytes, start, end) ? null : check(bytes, start, end))
  const missing: Finding = {
    code: 'null_not_allowed',
    text: 'is null',
    rule: `${column.name} is never null`,
  }
  // Any text is a string, so only here does null come first: a category may be called like a null token.
  if (column.type === 'string') return (bytes, start, end) => (isNull(bytes, start, end) ? missing : null)
  return (bytes, start, end) => {
    const finding = check(bytes, start, end)
    return finding && isNull(bytes, start, end) ? missing : finding
  }
}

function typeCheck(column: ColumnContract, { booleans }: SourceContract): Check {
  switch (column.type) {
    case 'int':
      return intCheck(column)
    case 'float':
      return floatCheck(column)
    case 'date':
      return dateCheck
    case 'timestamp':
      return timestampCheck(column)
    case 'string':
      return () => null
    case 'boolean': {
      const allowed = [...booleans.true, ...booleans.false]
      const rule = `${column.name} is one of ${listed(allowed)}`
      return oneOf(allowed, () => ({ code: 'not_a_boolean', text: 'is no boolean', rule }))
    }
    case 'category': {
      const allowed = column.categories ?? []
      const rule = `${column.name} is one of ${listed(allowed)}`
      return oneOf(allowed, (text) => {
        const meant = nearest(text, allowed)
        const hint = meant === null ? {} : { hint: `Write it as "${excerptOf(meant)}", or add it to f.category(...).` }
        return { code: 'category_unknown', text: 'is no category of the definition', rule, ...hint }
      })
    }
  }
}

function oneOf(allowed: readonly string[], otherwise: (text: string) => Finding): Check {
  const isAllowed = tokenSet(allowed)
  return (bytes, start, end) => (isAllowed(bytes, start, end) ? null : otherwise(textOf(bytes, start, end)))
}

const SHOWN = 8

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, SHOWN).map((text) => `"${excerptOf(text)}"`)
  return texts.length > SHOWN ? `${shown.join(', ')} and ${texts.length - SHOWN} more` : shown.join(', ')
}
