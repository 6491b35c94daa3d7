import type { AsOf } from '../as-of.ts'
import type { ColumnContract, SourceContract } from '../contract.ts'
import type { Check, Finding } from './check.ts'
import { dateCheck } from './dates.ts'
import { excerptOf } from './excerpt.ts'
import { keyCheck } from './keys.ts'
import { nearest } from './nearest.ts'
import { floatCheck, intCheck, sentinelCheck } from './numbers.ts'
import { timestampCheck } from './timestamps.ts'
import { tokenSet } from './tokens.ts'

/** What a check of a column may be told beyond its contract. */
export interface CheckOptions {
  /** Date of the delivery. */
  readonly asOf?: AsOf | undefined
  /** Called for each null. */
  readonly onNull?: (() => void) | undefined
}

/** What the values of one column must be. Tokens are the contract's and exact: nothing else is null, true or false. */
export function columnCheck(
  column: ColumnContract,
  contract: SourceContract,
  { asOf, onNull = () => undefined }: CheckOptions = {},
): Check {
  // A key that reads like a null token is a key.
  if (column.name === contract.key) return keyCheck
  const typed = typeCheck(column, contract)
  const check = column.name === contract.asOfColumn && asOf !== undefined ? asOfCheck(column.name, asOf, typed) : typed
  const isNull = tokenSet(contract.nulls)
  if (column.optional) {
    return (bytes, start, end) => {
      if (!isNull(bytes, start, end)) return check(bytes, start, end)
      onNull()
      return null
    }
  }
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

function asOfCheck(name: string, asOf: AsOf, check: Check): Check {
  const isAsOf = tokenSet([asOf])
  const mismatch: Finding = {
    code: 'as_of_mismatch',
    text: 'is not the date of the delivery',
    rule: `${name} is ${asOf} in every row`,
  }
  return (bytes, start, end) => (isAsOf(bytes, start, end) ? null : (check(bytes, start, end) ?? mismatch))
}

function typeCheck(column: ColumnContract, { booleans }: SourceContract): Check {
  switch (column.type) {
    case 'int':
    case 'float': {
      const check = column.type === 'int' ? intCheck(column) : floatCheck(column)
      return column.sentinels ? sentinelCheck(column, check) : check
    }
    case 'date':
      return dateCheck
    case 'timestamp':
      return timestampCheck(column)
    case 'string':
      return () => null
    case 'boolean': {
      const allowed = [...booleans.true, ...booleans.false]
      const rule = `${column.name} is one of ${listed(allowed)}`
      return oneOf(allowed, { code: 'not_a_boolean', text: 'is no boolean', rule })
    }
    case 'category': {
      const allowed = column.categories ?? []
      const rule = `${column.name} is one of ${listed(allowed)}`
      const hintFor = (text: string) => {
        const meant = nearest(text, allowed)
        return meant === null ? undefined : `Write it as "${excerptOf(meant)}", or add it to f.category(...).`
      }
      return oneOf(allowed, { code: 'category_unknown', text: 'is no category of the definition', rule, hintFor })
    }
  }
}

function oneOf(allowed: readonly string[], otherwise: Finding): Check {
  const isAllowed = tokenSet(allowed)
  return (bytes, start, end) => (isAllowed(bytes, start, end) ? null : otherwise)
}

const SHOWN = 8

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, SHOWN).map((text) => `"${excerptOf(text)}"`)
  return texts.length > SHOWN ? `${shown.join(', ')} and ${texts.length - SHOWN} more` : shown.join(', ')
}
