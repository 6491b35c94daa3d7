import type { FeatureColumn, FeatureSpec, FeatureType } from '../../domain/feature-spec.ts'
import type { LabelColumn } from '../../domain/label-column.ts'
import { VigieError } from '../../errors.ts'
import type { Rows } from './columns.ts'
import { identifier, literals } from './sql.ts'
import { requireColumn, type StoredTable, typeChanged } from './stored-table.ts'

/** Stored types that a feature can be read from without bending a value. */
const READABLE: Readonly<Record<FeatureType, readonly string[]>> = {
  int: ['BIGINT'],
  float: ['DOUBLE', 'BIGINT'],
  boolean: ['BOOLEAN'],
  category: ['VARCHAR'],
}

/** What a category reads as that the definition does not list. No code is negative. */
const UNLISTED = -1

/**
 * Features as DOUBLE expressions over `t`, and over `p` for those with a lag, NaN for null. A column that the table does
 * not have was never delivered and is null throughout, like all of a table before that is not there; one that was stored
 * as another type is refused with `column_type_changed`.
 */
export function featureExpressions(
  features: FeatureSpec,
  table: StoredTable,
  previous: StoredTable | null = null,
): readonly string[] {
  return features.map((feature) => {
    const from = feature.lag === undefined ? table : previous
    const stored = from?.types.get(feature.feature)
    if (stored === undefined) return `'nan'::double`
    if (!READABLE[feature.type].includes(stored)) throw typeChanged(feature.feature, stored, feature.type)
    return expression(feature)
  })
}

function expression({ feature, lag, ...how }: FeatureColumn): string {
  return numberExpression(`${lag === undefined ? 't' : 'p'}.${identifier(feature)}`, how)
}

/**
 * A label as a DOUBLE expression over `t`, NaN for null. Throws `column_missing` or `column_type_changed` when the table
 * does not have it.
 */
export function labelExpression(label: LabelColumn, table: StoredTable): string {
  requireColumn(table, label.column, ...READABLE[label.type])
  return numberExpression(`t.${identifier(label.column)}`, label)
}

function numberExpression(column: string, { type, categories }: Pick<FeatureColumn, 'type' | 'categories'>): string {
  if (type === 'boolean') return `coalesce(${column}::tinyint::double, 'nan')`
  if (type !== 'category') return `coalesce(${column}::double, 'nan')`
  const code = `coalesce(list_position([${literals(categories ?? [])}], ${column}) - 1, ${UNLISTED})`
  return `case when ${column} is null then 'nan'::double else ${code}::double end`
}

/** Throws `category_unknown` when labels hold a class that the definition no longer lists. */
export function refuseUnlistedLabels({ column, categories }: LabelColumn, values: Float64Array): void {
  if (values.includes(UNLISTED)) throw unlisted(column, column, categories)
}

/**
 * Throws `category_unknown` when rows hold a category that the definition no longer lists.
 * `first` is the position of the first feature among the columns of `rows`.
 */
export function refuseUnlisted(features: FeatureSpec, rows: Rows, first: number): void {
  for (const [i, { type, name, feature, categories }] of features.entries()) {
    if (type !== 'category') continue
    const codes = rows.floats(first + i)
    for (let row = 0; row < rows.count; row++) {
      if (codes[row] === UNLISTED) throw unlisted(name, feature, categories)
    }
  }
}

function unlisted(name: string, column: string, categories: readonly string[] | undefined): VigieError {
  return new VigieError('category_unknown', `"${name}" is stored with a value that the definition does not list`, {
    rule: `the values of ${column} are ${categories?.join(', ')}`,
    column,
    hint: 'Put the value back into f.category(...): stored history still has it.',
  })
}
