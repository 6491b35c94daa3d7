import { type Expression, mapColumns } from '../domain/expression/expression.ts'
import { expressionProblem } from '../domain/expression/expression-problem.ts'
import { DERIVED, type FeatureColumn, previousOf } from '../domain/feature-spec.ts'
import { isLegalName, LEGAL_NAME } from '../domain/legal-name.ts'
import type { Derived, Selected } from './derived.ts'
import type { FeatureView } from './feature-view.ts'
import { invalid } from './invalid.ts'
import { modelInput } from './model-input.ts'

type Views = Readonly<Record<string, FeatureView>>

export interface DerivedColumn<Name extends string = string> extends FeatureColumn {
  readonly feature: Name
  readonly expression: Expression
}

/**
 * The derived features of a definition, in the order of their declaration. All are optional: an expression of values
 * that are there may still have no result. Throws `definition_invalid` naming the feature.
 */
export function derivedColumns(
  declared: Readonly<Record<string, Derived>>,
  views: Views,
  entityKey: string,
): readonly DerivedColumn[] {
  if (Object.hasOwn(views, DERIVED))
    invalid(`"${DERIVED}" is the view of derived features`, 'a view has its name', DERIVED)
  return Object.entries(declared).map(([feature, value]) => {
    const name = `${DERIVED}.${feature}`
    if (value?.kind !== 'derived') invalid('a derived feature is an expression', `"${name}" is none`, feature)
    if (!isLegalName(feature)) invalid(LEGAL_NAME, `a derived feature cannot be called "${feature}"`, feature)
    const other = Object.entries(views).find(([, view]) => Object.hasOwn(view.features, feature))
    if (other || feature === entityKey) {
      const owner = other ? `"${other[0]}.${feature}"` : 'the entity key'
      invalid('a derived feature has a name of its own', `"${name}" and ${owner} share a name`, feature)
    }
    const resolved = mapColumns(value.expression, (selected) => baseColumn(name, selected, views))
    const problem = expressionProblem(resolved, (column): column is FeatureColumn => column !== null)
    if (problem) invalid(problem, `"${name}" is no legal expression`, name)
    return { name, view: DERIVED, feature, type: 'float', optional: true, expression: resolved }
  })
}

function baseColumn(derived: string, { selector, previous }: Selected, views: Views): FeatureColumn {
  const [viewName = '', name = '', ...more] = selector.split('.')
  const view = Object.hasOwn(views, viewName) ? views[viewName] : undefined
  const feature = view && Object.hasOwn(view.features, name) ? view.features[name] : undefined
  if (!view || !feature || more.length > 0) {
    invalid('expressions read declared features', `"${derived}" reads "${selector}", which no view has`, selector)
  }
  if (!view.online) {
    invalid(
      'expressions read online features',
      `"${derived}" reads "${selector}" of a view with online: false`,
      selector,
    )
  }
  if (previous && view.eventTime !== null) {
    invalid(
      'only snapshots have one before them',
      `"${derived}" reads what "${selector}" was before, in a view with an eventTime`,
      selector,
    )
  }
  const column = modelInput(viewName, name, feature)
  if (!column) {
    invalid('expressions read int, float, boolean and category', `"${selector}" is a ${feature.type}`, feature.type)
  }
  return previous ? previousOf(column) : column
}
