import { asOf } from '../domain/as-of.ts'
import type { ColumnContract, Comparison, Operand, RowRule } from '../domain/contract.ts'
import { instantReader } from '../domain/csv/timestamps.ts'
import { invalid } from './invalid.ts'

/** Types with an order, and those that are only equal or not. A rule reads no free text. */
const ORDERED = ['int', 'float', 'date', 'timestamp']
const COMPARABLE = [...ORDERED, 'boolean', 'category']

/** Refuses rules of the file `from` that name no column, or compare what cannot be compared. */
export function checkRowRules(from: string, rules: readonly RowRule[], columns: readonly ColumnContract[]): void {
  const names = rules.map((rule) => rule.name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) {
    invalid('the rules of a file have different names', `"${from}" has the rule "${twice}" twice`, twice)
  }
  if (names.includes('')) invalid('a rule says in words what it is', `a rule of "${from}" has no name`, '')
  const declared = new Map(columns.map((column) => [column.name, column]))
  for (const { name, that, when } of rules) {
    const column = (wanted: string): ColumnContract =>
      declared.get(wanted) ??
      invalid('rules name declared columns', `rule "${name}" of "${from}" reads "${wanted}", which is none`, wanted)
    if (when !== null) checkComparison(`rule "${name}" of "${from}"`, when, column)
    if (that.kind !== 'requires') checkComparison(`rule "${name}" of "${from}"`, that, column)
    else for (const wanted of [that.left, that.right.column]) column(wanted)
  }
}

function checkComparison(
  place: string,
  { kind, left, right }: Comparison,
  columnOf: (name: string) => ColumnContract,
): void {
  const column = columnOf(left)
  const ordered = kind === 'lessThan' || kind === 'atMost'
  if (!(ordered ? ORDERED : COMPARABLE).includes(column.type)) {
    const kinds = ordered ? 'numbers, dates and instants' : 'numbers, dates, instants, booleans and categories'
    invalid(`${kind} compares ${kinds}`, `${place}: "${left}" is ${column.type}`, column.type)
  }
  if ('column' in right) {
    const other = columnOf(right.column)
    if (kindOf(other.type) !== kindOf(column.type)) {
      const text = `${place}: "${left}" is ${column.type}, "${right.column}" is ${other.type}`
      invalid('a rule compares columns of one type', text, other.type)
    }
  } else if (!isConstantOf(column, right)) {
    const { constant } = right
    const text = `${place}: ${JSON.stringify(constant)} is no value of "${left}", which is ${column.type}`
    invalid('a rule compares a column with a value that it can have', text, String(constant).slice(0, 100))
  }
}

const kindOf = (type: ColumnContract['type']): string => (type === 'int' ? 'float' : type)

function isConstantOf(column: ColumnContract, { constant }: Extract<Operand, { constant: unknown }>): boolean {
  switch (column.type) {
    case 'int':
    case 'float':
      return typeof constant === 'number' && Number.isFinite(constant)
    case 'boolean':
      return typeof constant === 'boolean'
    case 'category':
      return typeof constant === 'string' && column.categories?.includes(constant) === true
    case 'date':
      return typeof constant === 'string' && isDate(constant)
    case 'timestamp': {
      const bytes = new TextEncoder().encode(String(constant))
      return typeof constant === 'string' && !Number.isNaN(instantReader({})(bytes, 0, bytes.length))
    }
    case 'string':
      return false
  }
}

function isDate(text: string): boolean {
  try {
    return asOf(text) === text
  } catch {
    return false
  }
}
