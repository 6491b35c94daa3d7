/** One expectation, or a few, and files that meet it or do not. */
export interface SuiteCase {
  readonly what: string
  readonly expectations: readonly Expectation[]
  /** Each is a CSV file with the key `id`. */
  readonly files: readonly string[]
}

interface Expectation {
  readonly type: string
  readonly kwargs: Readonly<Record<string, unknown>>
  readonly severity?: 'critical' | 'warning'
}

/** What makes `id` the key. */
const KEY: readonly Expectation[] = [
  { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'id' } },
  { type: 'expect_column_values_to_be_unique', kwargs: { column: 'id' } },
]

/** A file with the key and the given columns; each row is what stands behind the key. */
function file(columns: string, ...rows: readonly string[]): string {
  return [`id,${columns}`, ...rows.map((row, i) => `u${i},${row}`), ''].join('\n')
}

function one(type: string, kwargs: Readonly<Record<string, unknown>>, ...files: readonly string[]): SuiteCase {
  const told = Object.entries(kwargs).filter(([name]) => name !== 'column')
  const what = `${type.replace('expect_', '')} ${told.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')}`
  return { what: what.trim(), expectations: [...KEY, { type, kwargs }], files }
}

const x = (...values: readonly string[]) => file('x,y', ...values.map((value) => `${value},1`))
const ab = (...rows: readonly string[]) => file('a,b', ...rows)
const number = (column: string) => ({
  type: 'expect_column_values_to_be_of_type',
  kwargs: { column, type_: 'float64' },
})

/** Expectations that a definition can say in full: the verdict on every file is that of Great Expectations. */
export const SUITE_CASES: readonly SuiteCase[] = [
  one('expect_column_to_exist', { column: 'x' }, x('1'), file('y', '1')),
  one('expect_column_values_to_not_be_null', { column: 'x' }, x('a', 'b'), x('a', '')),
  one('expect_column_values_to_not_be_null', { column: 'x', mostly: 0.75 }, x('a', 'b', 'c', ''), x('a', 'b', '', '')),
  one(
    'expect_column_proportion_of_non_null_values_to_be_between',
    { column: 'x', min_value: 0.9 },
    x('a', 'b'),
    x('a', ''),
  ),
  one(
    'expect_column_values_to_be_between',
    { column: 'x', min_value: 0, max_value: 10 },
    x('0', '10', ''),
    x('0', '10.5'),
    x('-1', '3'),
  ),
  one(
    'expect_column_values_to_be_between',
    { column: 'x', min_value: 0, strict_min: true },
    x('0.001', '7'),
    x('0', '7'),
  ),
  one(
    'expect_column_values_to_be_between',
    { column: 'x', max_value: 1.5, strict_max: true },
    x('1.4999999999999998', '0.5'),
    x('1.5', '0.5'),
  ),
  {
    what: 'a strict range of whole numbers',
    expectations: [
      ...KEY,
      { type: 'expect_column_values_to_be_of_type', kwargs: { column: 'x', type_: 'int64' } },
      {
        type: 'expect_column_values_to_be_between',
        kwargs: { column: 'x', min_value: 0, strict_min: true, max_value: 9 },
      },
    ],
    files: [x('1', '9'), x('0', '9'), x('1', '10'), x('1', '2.5')],
  },
  one('expect_column_min_to_be_between', { column: 'x', min_value: 2 }, x('2', '3'), x('1.5', '3')),
  one('expect_column_max_to_be_between', { column: 'x', max_value: 3 }, x('2', '3'), x('2', '3.5')),
  one(
    'expect_column_values_to_be_in_set',
    { column: 'x', value_set: ['a', 'b'] },
    x('a', 'b', ''),
    x('a', 'c'),
    x('a', 'A'),
  ),
  one('expect_column_values_to_be_in_set', { column: 'x', value_set: [1, 2, 3] }, x('1', '3'), x('1', '4')),
  one('expect_column_distinct_values_to_be_in_set', { column: 'x', value_set: ['a', 'b'] }, x('a', 'a'), x('a', 'c')),
  one(
    'expect_column_values_to_not_be_in_set',
    { column: 'x', value_set: [-1, 999] },
    x('1', '998'),
    x('1', '999'),
    x('-1', '5'),
  ),
  one('expect_column_values_to_be_unique', { column: 'x' }, x('a', 'b'), x('a', 'a'), x('a', '', '')),
  one(
    'expect_column_proportion_of_unique_values_to_be_between',
    { column: 'x', min_value: 1 },
    x('a', 'b'),
    x('a', 'a'),
  ),
  one('expect_column_values_to_be_of_type', { column: 'x', type_: 'int64' }, x('1', '2'), x('1', '2.5')),
  one('expect_column_values_to_be_of_type', { column: 'x', type_: 'bool' }, x('True', 'False'), x('True', 'maybe')),
  one(
    'expect_column_values_to_match_strftime_format',
    { column: 'x', strftime_format: '%Y-%m-%d' },
    x('2024-02-29', '2024-01-01'),
    x('2024-01-01', '01/02/2024'),
    x('2023-02-29', '2024-01-01'),
  ),
  one(
    'expect_table_row_count_to_be_between',
    { min_value: 2, max_value: 3 },
    x('1', '2'),
    x('1'),
    x('1', '2', '3', '4'),
  ),
  one('expect_table_row_count_to_equal', { value: 2 }, x('1', '2'), x('1', '2', '3')),
  one(
    'expect_table_columns_to_match_set',
    { column_set: ['id', 'x', 'y'] },
    x('1'),
    file('x,y,z', '1,2,3'),
    file('x', '1'),
    file('y,x', '1,2'),
  ),
  one('expect_table_columns_to_match_set', { column_set: ['id', 'x'], exact_match: false }, x('1'), file('y', '1')),
  {
    what: 'as many columns as are named',
    expectations: [
      ...KEY,
      { type: 'expect_column_to_exist', kwargs: { column: 'x' } },
      { type: 'expect_table_column_count_to_equal', kwargs: { value: 2 } },
    ],
    files: [file('x', '1'), x('1')],
  },
  {
    what: 'one column above another',
    expectations: [
      ...KEY,
      number('a'),
      number('b'),
      { type: 'expect_column_pair_values_a_to_be_greater_than_b', kwargs: { column_A: 'a', column_B: 'b' } },
    ],
    files: [ab('2.5,1.5', '3.5,0.5'), ab('2.5,2.5', '3.5,0.5'), ab('2.5,1.5', ',')],
  },
  {
    what: 'one column at least another',
    expectations: [
      ...KEY,
      number('a'),
      number('b'),
      {
        type: 'expect_column_pair_values_a_to_be_greater_than_b',
        kwargs: { column_A: 'a', column_B: 'b', or_equal: true, ignore_row_if: 'either_value_is_missing' },
      },
    ],
    files: [ab('2.5,2.5', '3.5,0.5'), ab('2.5,2.6', '3.5,0.5'), ab('2.5,1.5', ',4.5')],
  },
  {
    what: 'two columns that are equal',
    expectations: [
      ...KEY,
      number('a'),
      number('b'),
      { type: 'expect_column_pair_values_to_be_equal', kwargs: { column_A: 'a', column_B: 'b' } },
    ],
    files: [ab('2.5,2.5', '3.5,3.5'), ab('2.5,2.5', '3.5,3.6')],
  },
  {
    what: 'two columns that differ in every row',
    expectations: [
      ...KEY,
      number('a'),
      number('b'),
      {
        type: 'expect_select_column_values_to_be_unique_within_record',
        kwargs: { column_list: ['a', 'b'], ignore_row_if: 'any_value_is_missing' },
      },
    ],
    files: [ab('2.5,1.5', '3.5,0.5'), ab('2.5,2.5', '3.5,0.5'), ab('2.5,1.5', '3.5,')],
  },
  {
    what: 'the key that repeats',
    expectations: [...KEY, { type: 'expect_column_to_exist', kwargs: { column: 'x' } }],
    files: ['id,x\nu1,a\nu1,b\n', 'id,x\nu1,a\n,b\n', 'id,x\nu1,a\nu2,b\n'],
  },
  {
    what: 'a warning about a range',
    expectations: [
      ...KEY,
      { type: 'expect_column_values_to_be_between', kwargs: { column: 'x', max_value: 10 }, severity: 'warning' },
    ],
    files: [x('1.5', '10'), x('1.5', '11')],
  },
  {
    what: 'a warning about the number of rows',
    expectations: [
      ...KEY,
      { type: 'expect_table_row_count_to_be_between', kwargs: { min_value: 2 }, severity: 'warning' },
    ],
    files: [x('1.5', '10'), x('1.5')],
  },
  {
    what: 'a list of types that are numbers',
    expectations: [
      ...KEY,
      { type: 'expect_column_values_to_be_in_type_list', kwargs: { column: 'x', type_list: ['int64', 'float64'] } },
    ],
    files: [x('1', '2'), x('1', '2.5'), x('1', 'many')],
  },
]
