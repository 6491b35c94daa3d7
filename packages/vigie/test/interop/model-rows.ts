import type { FeatureColumn, FeatureSpec } from '../../src/domain/feature-spec.ts'
import type { Target } from '../../src/domain/model/target.ts'

/** The features of the models that are made elsewhere. Categories stand in another order there. */
export const SPEC: FeatureSpec = [
  column('age', 'float'),
  column('visits', 'int'),
  column('fee', 'float'),
  { ...column('plan', 'category'), categories: ['family', 'student', 'basic', 'premium'] },
  column('active', 'boolean'),
]

function column(feature: string, type: FeatureColumn['type']): FeatureColumn {
  return { name: `v.${feature}`, view: 'v', feature, type, optional: true }
}

/** Columns of the features from values by name: categories as texts, null as null. */
export function modelColumns(
  spec: FeatureSpec,
  rows: Readonly<Record<string, readonly (number | string | null)[]>>,
): readonly Float64Array[] {
  return spec.map(({ name, categories = [] }) =>
    Float64Array.from(rows[name]!, (value) => {
      if (value === null) return Number.NaN
      return typeof value === 'string' ? categories.indexOf(value) : value
    }),
  )
}

export function targetOf(kind: Target['kind']): Target {
  if (kind === 'number') return { kind }
  return kind === 'binary' ? { kind, classes: ['false', 'true'] } : { kind, classes: ['low', 'middle', 'high'] }
}
