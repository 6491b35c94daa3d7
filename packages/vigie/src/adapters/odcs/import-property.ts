import type { ColumnContract } from '../../domain/contract.ts'
import { excerptOf } from '../../domain/csv/excerpt.ts'
import { decimalShift } from '../../domain/proposal/decimal-shift.ts'
import type { Unexpressed } from '../../domain/proposal/draft.ts'
import { inclusive } from '../../domain/proposal/next-float.ts'
import type { Property, Quality } from './document.ts'
import { columnTerms, VIGIE } from './vigie-terms.ts'

/** What one property of a schema object says about a column. */
export interface ImportedColumn {
  readonly column: ColumnContract
  readonly unused: boolean
  /** Texts that its checks call missing. */
  readonly nulls: readonly string[]
}

const TYPES: Readonly<Record<string, ColumnContract['type']>> = {
  string: 'string',
  integer: 'int',
  number: 'float',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
}

/** Reads a property; what it demands beyond our words is added to `unexpressed`. Null when it is no plain column. */
export function importProperty(property: Property, file: string, unexpressed: Unexpressed[]): ImportedColumn | null {
  const { name, logicalType = 'string', required = false, unique = false } = property
  const place = `${file}.${name}`
  const cannot = (rule: string, why: string) => unexpressed.push({ place, rule, why })
  const type = Object.hasOwn(TYPES, logicalType) ? TYPES[logicalType] : undefined
  if (type === undefined) {
    cannot(`logicalType: ${logicalType}`, 'columns hold texts, numbers, booleans, dates and instants; left out')
    return null
  }
  const terms = ownTerms(property.customProperties, columnTerms) ?? {}
  const base: ColumnContract = { name, type, optional: !required, ...typeOptions(property, type, cannot) }
  let column: ColumnContract = unique && property.primaryKey !== true ? { ...base, unique: true } : base
  const nulls: string[] = []
  const valid = (property.enum ?? []).map(({ value }) => value)
  if (valid.length > 0) column = withValues(column, valid, cannot)
  for (const check of property.quality ?? []) column = withCheck(column, check, nulls, cannot)
  const { unused = false, ...more } = terms
  return { column: inOrder({ ...column, ...(more as Partial<ColumnContract>) }), unused, nulls }
}

/** The value of our own custom property, checked; undefined where there is none. */
export function ownTerms<T>(
  properties: Property['customProperties'],
  terms: { readonly parse: (value: unknown) => T },
): T | undefined {
  const own = properties?.find(({ property }) => property === VIGIE)
  return own === undefined ? undefined : terms.parse(own.value)
}

type Cannot = (rule: string, why: string) => void

function typeOptions(
  { logicalTypeOptions: options = {} }: Property,
  type: ColumnContract['type'],
  cannot: Cannot,
): Partial<ColumnContract> {
  const said: { min?: number; max?: number; zone?: string } = {}
  const number = (name: string): number | undefined => {
    const value = options[name]
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined
  }
  if (type === 'int' || type === 'float') {
    const lows = [number('minimum'), exclusive(type, number('exclusiveMinimum'), 1)].filter((x) => x !== undefined)
    const highs = [number('maximum'), exclusive(type, number('exclusiveMaximum'), -1)].filter((x) => x !== undefined)
    if (lows.length > 0) said.min = type === 'int' ? Math.ceil(Math.max(...lows)) : Math.max(...lows)
    if (highs.length > 0) said.max = type === 'int' ? Math.floor(Math.min(...highs)) : Math.min(...highs)
  }
  if (type === 'timestamp' && options.timezone !== true) {
    said.zone = typeof options.defaultTimezone === 'string' ? options.defaultTimezone : 'Etc/UTC'
  }
  const read: Readonly<Record<string, readonly string[]>> = {
    int: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
    float: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
    timestamp: ['timezone', 'defaultTimezone'],
  }
  for (const [name, value] of Object.entries(options)) {
    const isRead = read[type]?.includes(name) && !(name.endsWith('imum') && number(name) === undefined)
    if (isRead || (name === 'format' && isOurFormat(type, value))) continue
    cannot(`${name}: ${shown(value)}`, `there is no such rule for ${type} columns`)
  }
  return said
}

const exclusive = (type: 'int' | 'float', bound: number | undefined, direction: 1 | -1): number | undefined =>
  bound === undefined ? undefined : inclusive(type, bound, direction)

function isOurFormat(type: ColumnContract['type'], format: unknown): boolean {
  if (type === 'date') return format === 'yyyy-MM-dd'
  return (type === 'int' && format === 'i64') || (type === 'float' && format === 'f64')
}

/** One library check of a column; others are not ours to run. */
function withCheck(column: ColumnContract, check: Quality, nulls: string[], cannot: Cannot): ColumnContract {
  const metric = check.metric ?? check.rule
  const said = `${metric ?? check.type ?? 'check'}${operatorText(check)}`
  if (check.type !== undefined && check.type !== 'library') {
    cannot(
      `${check.type} check "${excerptOf(String(check.name ?? check.description ?? '')).slice(0, 60)}"`,
      'checks of other engines, SQL and prose are not run',
    )
    return column
  }
  const most = mostAllowed(check)
  const severity = check.severity === 'warning' || check.severity === 'info' ? ({ severity: 'hold' } as const) : {}
  switch (metric) {
    case 'nullValues':
    case 'missingValues': {
      const missing = check.arguments?.missingValues
      if (Array.isArray(missing)) nulls.push(...missing.filter((text) => typeof text === 'string'))
      if (most === 0) return { ...column, optional: false }
      if (most !== null && check.unit === 'percent' && most < 100) {
        return { ...column, optional: true, maxNullRate: decimalShift(most, -2), ...severity }
      }
      break
    }
    case 'duplicateValues':
    case 'unique':
      if (most === 0) return { ...column, unique: true, ...severity }
      break
    case 'invalidValues':
    case 'validValues': {
      const values = check.arguments?.validValues ?? check.validValues
      if (Array.isArray(values) && (most === 0 || metric === 'validValues')) {
        return { ...withValues(column, values, cannot), ...severity }
      }
      break
    }
  }
  cannot(said, 'only counts that must be 0, and shares of nulls, have a rule here')
  return column
}

/** Texts make a category, whole numbers without gaps a range; null among them is no value. */
function withValues(column: ColumnContract, values: readonly unknown[], cannot: Cannot): ColumnContract {
  const given = [...new Set(values.filter((value) => value !== null))]
  const { type } = column
  const arePlain = given.every((value) => ['string', 'number', 'boolean'].includes(typeof value))
  if ((type === 'string' || type === 'category') && arePlain && given.length > 0) {
    return { ...column, type: 'category', categories: [...new Set(given.map(String))] }
  }
  if (type === 'int' && given.length > 0 && given.every((value) => Number.isSafeInteger(value))) {
    const sorted = (given as number[]).toSorted((a, b) => a - b)
    const [min, max] = [sorted[0]!, sorted.at(-1)!]
    if (max - min === sorted.length - 1) return { ...column, min, max }
  }
  cannot(`validValues: ${shown(values)}`, `a list of values is a rule for texts and for whole numbers without gaps`)
  return column
}

/** How many (or how much of) what a check counts may be there; null when it asks something else. */
function mostAllowed(check: Quality): number | null {
  const { mustBe, mustBeLessOrEqualTo, mustBeLessThan } = check
  if (typeof mustBe === 'number') return mustBe === 0 ? 0 : null
  if (typeof mustBeLessOrEqualTo === 'number') return mustBeLessOrEqualTo
  if (typeof mustBeLessThan !== 'number') return null
  return check.unit === 'percent' ? inclusive('float', mustBeLessThan, -1) : mustBeLessThan - 1
}

export function operatorText(check: Quality): string {
  const operator = Object.keys(check).find((name) => name.startsWith('must'))
  return operator === undefined ? '' : ` ${operator} ${shown(check[operator])}${check.unit ? ` ${check.unit}` : ''}`
}

const shown = (value: unknown): string => excerptOf(JSON.stringify(value) ?? 'nothing').slice(0, 80)

/** As a resolved definition has its fields, so that two contracts can be compared as texts. */
function inOrder(column: ColumnContract): ColumnContract {
  const { name, type, optional, ...rest } = column
  return { name, type, optional, ...rest }
}
