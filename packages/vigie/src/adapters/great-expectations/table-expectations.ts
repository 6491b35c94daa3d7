import type { Severity } from '../../domain/contract.ts'
import type { Say } from './column-expectations.ts'
import type { Demands } from './demands.ts'

const texts = (value: unknown): readonly string[] | null =>
  Array.isArray(value) && value.every((text) => typeof text === 'string') ? value : null

function rowCount(demands: Demands, least: unknown, most: unknown, severity: Severity): string | null {
  const whole = (bound: unknown): number | null | undefined =>
    bound == null ? null : Number.isSafeInteger(bound) ? (bound as number) : undefined
  const [min, max] = [whole(least), whole(most)]
  if (min === undefined || max === undefined) return 'numbers of rows are whole numbers'
  const before = demands.rowCount
  demands.rowCount = {
    severity: before?.severity === 'reject' ? 'reject' : severity,
    min: Math.max(min ?? 0, before?.min ?? 0) || null,
    max: Math.min(max ?? Number.MAX_SAFE_INTEGER, before?.max ?? Number.MAX_SAFE_INTEGER),
  }
  if (demands.rowCount.max === Number.MAX_SAFE_INTEGER) demands.rowCount = { ...demands.rowCount, max: null }
  return null
}

/** Two columns in one row. `how` says what is made of a row in which one or both have no value. */
function pair(
  demands: Demands,
  {
    column_A: a,
    column_B: b,
    ignore_row_if: ignore = 'both_values_are_missing',
    mostly,
  }: Readonly<Record<string, unknown>>,
  severity: Severity,
  rule: (a: string, b: string) => void,
): string | null {
  if (typeof a !== 'string' || typeof b !== 'string') return 'it names no two columns'
  if (mostly !== undefined && mostly !== 1) return 'a rule here is for all rows'
  rule(a, b)
  if (ignore === 'both_values_are_missing') {
    for (const [left, right] of [
      [a, b],
      [b, a],
    ] as const) {
      demands.addRule({
        name: `${left} comes with ${right}`,
        that: { kind: 'requires', left, right: { column: right } },
        when: null,
        severity,
      })
    }
  } else if (ignore === 'neither') for (const name of [a, b]) demands.column(name).required = true
  return null
}

/** Expectations about whole files and about several columns, by their type. */
export const TABLE_EXPECTATIONS: Readonly<Record<string, Say>> = {
  expect_table_row_count_to_be_between: (demands, kwargs, severity) =>
    rowCount(demands, kwargs.min_value, kwargs.max_value, severity),
  expect_table_row_count_to_equal: (demands, { value }, severity) => rowCount(demands, value, value, severity),
  expect_table_row_count_to_equal_other_table: () =>
    'files are compared by their keys (entity listedIn), not by counts',
  expect_table_columns_to_match_set: (demands, { column_set: set, exact_match: exact }) => {
    const names = texts(set)
    if (names === null) return 'its column_set is no list of names'
    for (const name of names) demands.column(name)
    if (exact !== false) demands.extra = 'reject'
    return null
  },
  expect_table_columns_to_match_ordered_list: (demands, { column_list: list }) => {
    const names = texts(list)
    if (names === null) return 'its column_list is no list of names'
    for (const name of names) demands.column(name)
    demands.extra = 'reject'
    return 'said, but not their order: columns are read by name'
  },
  expect_table_column_count_to_equal: (demands, { value }) => {
    if (!Number.isSafeInteger(value)) return 'numbers of columns are whole numbers'
    demands.columnCounts.push(value as number)
    return null
  },
  expect_table_column_count_to_be_between: () => 'a file has the columns that are declared, and others or none (extra)',
  expect_column_pair_values_a_to_be_greater_than_b: (demands, kwargs, severity) =>
    pair(demands, kwargs, severity, (a, b) => {
      for (const name of [a, b]) demands.column(name).compared = true
      const orEqual = kwargs.or_equal === true
      demands.addRule({
        name: `${a} is ${orEqual ? 'at least' : 'above'} ${b}`,
        that: { kind: orEqual ? 'atMost' : 'lessThan', left: b, right: { column: a } },
        when: null,
        severity,
      })
    }),
  expect_column_pair_values_to_be_equal: (demands, kwargs, severity) =>
    pair(demands, kwargs, severity, (a, b) => {
      for (const name of [a, b]) demands.column(name).compared = true
      demands.addRule({
        name: `${a} equals ${b}`,
        that: { kind: 'equal', left: a, right: { column: b } },
        when: null,
        severity,
      })
    }),
  expect_column_pair_values_to_be_in_set: () =>
    'pairs of values have no list here; a row rule with `when` says one pair',
  expect_select_column_values_to_be_unique_within_record: (demands, kwargs, severity) => {
    const names = texts(kwargs.column_list)
    if (names === null) return 'its column_list is no list of names'
    if (kwargs.ignore_row_if !== 'any_value_is_missing') {
      return 'two nulls are no equal values here (ignore_row_if: any_value_is_missing would be)'
    }
    for (const [i, left] of names.entries()) {
      demands.column(left).compared = true
      for (const right of names.slice(i + 1)) {
        const that = { kind: 'notEqual', left, right: { column: right } } as const
        demands.addRule({ name: `${left} differs from ${right}`, that, when: null, severity })
      }
    }
    return null
  },
  expect_compound_columns_to_be_unique: (demands, { column_list: list }) => {
    const names = texts(list)
    if (names === null) return 'its column_list is no list of names'
    for (const name of names) demands.column(name)
    demands.compound.push(names)
    return null
  },
  expect_multicolumn_sum_to_equal: () => 'row rules compare two columns, or a column and a constant',
  expect_multicolumn_values_to_be_unique: () => 'row rules compare two columns; see unique_within_record',
  expect_multicolumn_values_to_be_equal: () => 'row rules compare two columns; see pair_values_to_be_equal',
}
