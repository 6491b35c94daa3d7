import type { Severity } from '../../domain/contract.ts'
import type { Bound, ColumnDemands, ColumnType, Demands } from './demands.ts'

/** Adds one expectation to the demands. Returns what of it has no words here, and why; null when all is said. */
export type Say = (demands: Demands, kwargs: Readonly<Record<string, unknown>>, severity: Severity) => string | null

const AGGREGATE = 'figures of a whole column are judged against the month before (gates), not against constants'
const PATTERN = 'texts have no rules about their form; a category lists what is legal'

type SayColumn = (
  column: ColumnDemands,
  kwargs: Readonly<Record<string, unknown>>,
  severity: Severity,
  demands: Demands,
) => string | null

function column(say: SayColumn): Say {
  return (demands, kwargs, severity) => {
    if (typeof kwargs.column !== 'string') return 'it names no column'
    return say(demands.column(kwargs.column), kwargs, severity, demands)
  }
}

/** An expectation about every value: one that tolerates some has no words here. */
function everyValue(say: SayColumn): Say {
  return column((demanded, kwargs, severity, demands) => {
    const mostly = mostlyOf(kwargs)
    if (mostly !== 1) {
      return `${mostly * 100} % of the values are asked for: a rule here is for all of them (badRows: quarantineRows would leave rows out)`
    }
    return say(demanded, kwargs, severity, demands)
  })
}

const never =
  (why: string): Say =>
  () =>
    why
/** The column must be there, though what is asked of it has no words. */
const exists = (why: string): Say => column(() => why)

function mostlyOf({ mostly }: Readonly<Record<string, unknown>>): number {
  return typeof mostly === 'number' ? mostly : 1
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Null where nothing is asked, `undefined` where something is that is no number. */
function boundOf(value: unknown, strict: unknown): Bound | null | undefined {
  if (value === null || value === undefined) return null
  const number = numberOf(value)
  return number === null ? undefined : { value: number, strict: strict === true }
}

const TYPES: Readonly<Record<string, ColumnType>> = Object.fromEntries(
  (
    [
      ['int', 'int int8 int16 int32 int64 uint8 uint16 uint32 integer integertype bigint smallint tinyint longtype'],
      ['float', 'float float32 float64 double double_precision real doubletype floattype number'],
      ['boolean', 'bool boolean bool_ booleantype'],
      ['string', 'str string object text varchar char stringtype'],
      ['date', 'date datetype'],
      ['timestamp', 'timestamp timestamptz datetime datetime64 datetime64[ns] timestamptype'],
    ] as const
  ).flatMap(([type, names]) => names.split(' ').map((name) => [name, type])),
)

function typeOf(name: unknown): ColumnType | null {
  const plain = String(name)
    .toLowerCase()
    .replace(/[(].*$/, '')
  return Object.hasOwn(TYPES, plain) ? TYPES[plain]! : null
}

const between = everyValue((demanded, kwargs, severity, demands) => {
  const low = boundOf(kwargs.min_value, kwargs.strict_min)
  const high = boundOf(kwargs.max_value, kwargs.strict_max)
  if (low === undefined || high === undefined) return 'ranges are of numbers'
  if (low) demands.atLeast(demanded, low)
  if (high) demands.atMost(demanded, high)
  demanded.severities.add(severity)
  return null
})

const inSet = everyValue((demanded, { value_set: set }, severity) => {
  const values = plainValues(set)
  if (values === null) return 'its value_set is no list of texts, numbers or booleans'
  const before = demanded.values
  demanded.values = before === null ? values : before.filter((value) => values.includes(value))
  return severity === 'hold' ? 'said, but a category that is unknown refuses a delivery and cannot hold it' : null
})

function plainValues(set: unknown): readonly (string | number | boolean)[] | null {
  if (!Array.isArray(set)) return null
  const values = set.filter((value) => value !== null)
  return values.every((value) => ['string', 'number', 'boolean'].includes(typeof value)) ? values : null
}

const nonNullShare = (share: number, demanded: ColumnDemands, severity: Severity): null => {
  // A column whose nulls hold a delivery is optional, with no null at all allowed.
  if (share >= 1 && severity === 'reject') demanded.required = true
  else {
    const rate = Number((1 - share).toPrecision(15))
    demanded.maxNullRate = Math.min(rate, demanded.maxNullRate ?? 1)
    demanded.severities.add(severity)
  }
  return null
}

/** Expectations about one column, by their type. */
export const COLUMN_EXPECTATIONS: Readonly<Record<string, Say>> = {
  expect_column_to_exist: column((_demanded, { column_index: index }) =>
    typeof index === 'number' ? 'said, but not at which place: columns are read by name' : null,
  ),
  expect_column_values_to_not_be_null: column((demanded, kwargs, severity) =>
    nonNullShare(mostlyOf(kwargs), demanded, severity),
  ),
  expect_column_proportion_of_non_null_values_to_be_between: column((demanded, kwargs, severity) => {
    const least = numberOf(kwargs.min_value)
    if (kwargs.max_value != null && kwargs.max_value !== 1) return 'nulls have a most, not a least'
    return least === null ? null : nonNullShare(least, demanded, severity)
  }),
  expect_column_values_to_be_unique: everyValue((demanded, _kwargs, severity) => {
    demanded.unique = true
    demanded.severities.add(severity)
    return null
  }),
  expect_column_proportion_of_unique_values_to_be_between: column((demanded, kwargs, severity) => {
    if (kwargs.min_value !== 1 || kwargs.strict_min === true) return 'values repeat or they do not (f.unique)'
    demanded.unique = true
    demanded.severities.add(severity)
    return null
  }),
  expect_column_values_to_be_between: between,
  expect_column_min_to_be_between: column((demanded, kwargs, severity, demands) => {
    const low = boundOf(kwargs.min_value, kwargs.strict_min)
    if (low === undefined) return 'ranges are of numbers'
    if (low) demands.atLeast(demanded, low)
    if (low) demanded.severities.add(severity)
    return kwargs.max_value == null
      ? null
      : `${low ? 'its min_value is said; ' : ''}that the least value is at most something: ${AGGREGATE}`
  }),
  expect_column_max_to_be_between: column((demanded, kwargs, severity, demands) => {
    const high = boundOf(kwargs.max_value, kwargs.strict_max)
    if (high === undefined) return 'ranges are of numbers'
    if (high) demands.atMost(demanded, high)
    if (high) demanded.severities.add(severity)
    return kwargs.min_value == null
      ? null
      : `${high ? 'its max_value is said; ' : ''}that the largest value is at least something: ${AGGREGATE}`
  }),
  expect_column_values_to_be_in_set: inSet,
  expect_column_distinct_values_to_be_in_set: inSet,
  expect_column_distinct_values_to_equal_set: (demands, kwargs, severity) =>
    inSet(demands, kwargs, severity) ?? 'said, but not that every value of the set occurs',
  expect_column_values_to_not_be_in_set: everyValue((demanded, { value_set: set }, severity) => {
    const values = plainValues(set)
    if (values === null) return 'its value_set is no list of texts, numbers or booleans'
    demanded.not = [...demanded.not, ...values]
    demanded.severities.add(severity)
    return null
  }),
  expect_column_values_to_be_of_type: column((demanded, { type_: name }) => {
    const type = typeOf(name)
    if (type === null) return `"${name}" is no type of a column here`
    demanded.type = type
    return null
  }),
  expect_column_type_to_be: column((demanded, { type_: name, type: other }) => {
    const type = typeOf(name ?? other)
    if (type === null) return `"${name ?? other}" is no type of a column here`
    demanded.type = type
    return null
  }),
  expect_column_values_to_be_in_type_list: column((demanded, { type_list: names }) => {
    const types = new Set(Array.isArray(names) ? names.map(typeOf).filter((type) => type !== null) : [])
    // A list of whole and other numbers asks for numbers.
    const type =
      types.has('float') && types.has('int') && types.size === 2 ? 'float' : types.size === 1 ? [...types][0]! : null
    if (type === null) return 'a column has one type here'
    demanded.type = type
    return null
  }),
  expect_column_values_to_match_strftime_format: everyValue((demanded, { strftime_format: format }) => {
    if (format !== '%Y-%m-%d') return 'dates are written YYYY-MM-DD, instants in ISO 8601'
    demanded.type = 'date'
    return null
  }),
  expect_column_values_to_be_null: exists('a column without values is left out of a definition, or listed as unused'),
  expect_column_values_to_be_dateutil_parseable: exists('dates are written YYYY-MM-DD, instants in ISO 8601'),
  expect_column_values_to_be_increasing: exists('the order of the rows means nothing here'),
  expect_column_values_to_be_decreasing: exists('the order of the rows means nothing here'),
  expect_column_values_to_be_json_parseable: exists(PATTERN),
  expect_column_values_to_match_json_schema: exists(PATTERN),
  expect_column_value_lengths_to_be_between: exists(PATTERN),
  expect_column_value_lengths_to_equal: exists(PATTERN),
  expect_column_values_to_match_regex: exists(PATTERN),
  expect_column_values_to_match_regex_list: exists(PATTERN),
  expect_column_values_to_not_match_regex: exists(PATTERN),
  expect_column_values_to_not_match_regex_list: exists(PATTERN),
  expect_column_values_to_match_like_pattern: exists(PATTERN),
  expect_column_values_to_match_like_pattern_list: exists(PATTERN),
  expect_column_values_to_not_match_like_pattern: exists(PATTERN),
  expect_column_values_to_not_match_like_pattern_list: exists(PATTERN),
  expect_column_value_z_scores_to_be_less_than: exists(AGGREGATE),
  expect_column_values_to_not_be_outliers: exists(AGGREGATE),
  expect_column_distinct_values_to_contain_set: exists(AGGREGATE),
  expect_column_kl_divergence_to_be_less_than: exists(AGGREGATE),
  expect_column_mean_to_be_between: exists(AGGREGATE),
  expect_column_median_to_be_between: exists(AGGREGATE),
  expect_column_most_common_value_to_be_in_set: exists(AGGREGATE),
  expect_column_quantile_values_to_be_between: exists(AGGREGATE),
  expect_column_stdev_to_be_between: exists(AGGREGATE),
  expect_column_sum_to_be_between: exists(AGGREGATE),
  expect_column_unique_value_count_to_be_between: exists(AGGREGATE),
  unexpected_rows_expectation: never('queries are not run'),
  expect_query_results_to_match_comparison: never('queries are not run'),
}
