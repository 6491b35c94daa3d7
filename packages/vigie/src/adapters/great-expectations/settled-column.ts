import type { ColumnContract } from '../../domain/contract.ts'
import { inclusive } from '../../domain/proposal/next-float.ts'
import type { Bound, ColumnDemands, ColumnType } from './demands.ts'

interface Settled {
  /** Null where nothing but its presence is asked: the column is kept as text. */
  readonly column: ColumnContract | null
  readonly note: string
  readonly unexpressed: readonly { readonly rule: string; readonly why: string }[]
}

/** What the demands on one column mean together. */
export function settledColumn(name: string, demanded: ColumnDemands): Settled {
  const unexpressed: { rule: string; why: string }[] = []
  const cannot = (rule: string, why: string) => unexpressed.push({ rule, why })
  const { type, guessed } = typeOf(demanded)
  if (type === null) return { column: null, note: '', unexpressed }
  const range = type === 'int' || type === 'float' ? rangeOf(type, demanded) : {}
  if (demanded.low && !('min' in range))
    cannot(`at least ${demanded.low.value}`, `ranges are of numbers, ${name} is ${type}`)
  if (demanded.high && !('max' in range))
    cannot(`at most ${demanded.high.value}`, `ranges are of numbers, ${name} is ${type}`)
  let column: ColumnContract = {
    name,
    type,
    optional: !demanded.required,
    ...range,
    ...(type === 'timestamp' ? { zone: 'UTC' } : {}),
    ...(demanded.required || demanded.maxNullRate === null ? {} : { maxNullRate: demanded.maxNullRate }),
    ...(demanded.unique ? { unique: true } : {}),
  }
  if (demanded.values !== null) column = withValues(column, demanded, cannot)
  column = withoutValues(column, demanded, cannot)
  // A column has one severity here: the stricter is kept, and the other said.
  const severities = demanded.severities
  if (severities.has('hold') && !severities.has('reject')) column = { ...column, severity: 'hold' }
  else if (severities.has('hold')) cannot('severity warning', 'a column has one severity; the critical one counts')
  const note = type === 'timestamp' ? 'TODO: the zone of times without an offset; UTC is a guess' : guessed
  return { column, note, unexpressed }
}

/** As demanded, else as its values, its range or its rules suggest. */
function typeOf({ type, values, low, high, compared, ...demanded }: ColumnDemands): {
  readonly type: ColumnType | null
  readonly guessed: string
} {
  if (type === 'string' && values !== null) return { type: 'category', guessed: '' }
  if (type !== null) return { type, guessed: '' }
  if (values !== null && values.length > 0) {
    if (values.every((value) => typeof value === 'boolean')) return { type: 'boolean', guessed: '' }
    if (values.every((value) => typeof value === 'number')) {
      return { type: values.every(Number.isSafeInteger) ? 'int' : 'float', guessed: '' }
    }
    return { type: 'category', guessed: '' }
  }
  if (low !== null || high !== null || demanded.not.some((value) => typeof value === 'number'))
    return { type: 'float', guessed: '' }
  if (compared) return { type: 'float', guessed: 'TODO: the suite says no type; a number is a guess' }
  const asked = demanded.required || demanded.maxNullRate !== null || demanded.unique || demanded.not.length > 0
  return asked ? { type: 'string', guessed: 'TODO: the suite says no type' } : { type: null, guessed: '' }
}

function rangeOf(
  type: 'int' | 'float',
  { low, high }: ColumnDemands,
): { readonly min?: number; readonly max?: number } {
  const bound = ({ value, strict }: Bound, direction: 1 | -1): number => {
    if (strict) return inclusive(type, value, direction)
    return type === 'float' ? value : direction === 1 ? Math.ceil(value) : Math.floor(value)
  }
  return { ...(low ? { min: bound(low, 1) } : {}), ...(high ? { max: bound(high, -1) } : {}) }
}

type Cannot = (rule: string, why: string) => void

function withValues(column: ColumnContract, { values, not }: ColumnDemands, cannot: Cannot): ColumnContract {
  const given = [...new Set(values)].filter((value) => !not.includes(value))
  const rule = `in ${JSON.stringify(given)}`.slice(0, 120)
  if (column.type === 'category') {
    if (given.length > 0) return { ...column, categories: given.map(String) }
    cannot(rule, 'no value is left')
    return { ...column, type: 'string' }
  }
  if (column.type === 'boolean') {
    if (given.includes(true) && given.includes(false)) return column
    cannot(rule, 'a boolean is true or false')
    return column
  }
  if (column.type === 'int' && given.length > 0 && given.every((value) => Number.isSafeInteger(value))) {
    const sorted = (given as number[]).toSorted((a, b) => a - b)
    const [least, largest] = [sorted[0]!, sorted.at(-1)!]
    if (largest - least === sorted.length - 1) {
      return { ...column, min: Math.max(least, column.min ?? least), max: Math.min(largest, column.max ?? largest) }
    }
  }
  cannot(rule, 'a list of values is a rule for texts, and for whole numbers without gaps')
  return column
}

/** Numbers that must not occur are sentinels; texts have no such rule, but in a category they are left out above. */
function withoutValues(column: ColumnContract, { not, values }: ColumnDemands, cannot: Cannot): ColumnContract {
  if (not.length === 0) return column
  if (column.type === 'int' || column.type === 'float') {
    const sentinels = not.filter((value): value is number => typeof value === 'number')
    const possible = column.type === 'int' ? sentinels.filter(Number.isSafeInteger) : sentinels
    return possible.length > 0 ? { ...column, sentinels: possible } : column
  }
  if (column.type !== 'category' || values === null) {
    cannot(`not in ${JSON.stringify(not)}`.slice(0, 120), 'only numbers and categories have values that must not occur')
  }
  return column
}
