import { DERIVED, type FeatureColumn, type FeatureSpec } from '../domain/feature-spec.ts'
import type { FeatureView } from './feature-view.ts'
import { invalid } from './invalid.ts'
import { modelInput } from './model-input.ts'

/** The inputs of a model in the order in which its selectors name them. Throws `definition_invalid` naming the selector. */
export function selectFeatures(
  selectors: readonly string[],
  views: Readonly<Record<string, FeatureView>>,
  derived: FeatureSpec,
): FeatureSpec {
  const spec = selectors.flatMap((selector) =>
    selector.startsWith(`${DERIVED}.`) ? derivedFeatures(selector, derived) : viewFeatures(selector, views),
  )
  if (spec.length === 0) invalid('a model has at least one feature', 'model.features is empty', '[]')
  for (const [i, { name, feature }] of spec.entries()) {
    const before = spec.slice(0, i).find((other) => other.feature === feature)
    if (before) {
      invalid(
        'the features of a model have different names',
        before.name === name ? `"${name}" is selected twice` : `"${before.name}" and "${name}" share a name`,
        feature,
      )
    }
  }
  return spec
}

function derivedFeatures(selector: string, derived: FeatureSpec): FeatureSpec {
  const selected = selector === `${DERIVED}.*` ? derived : derived.filter(({ name }) => name === selector)
  if (selected.length === 0) {
    invalid('model.features selects declared features', `"${selector}" names no derived feature`, selector)
  }
  return selected
}

function viewFeatures(selector: string, views: Readonly<Record<string, FeatureView>>): FeatureSpec {
  const [viewName = '', featureName = ''] = selector.split('.', 2)
  const view = Object.hasOwn(views, viewName) ? views[viewName] : undefined
  if (!view) {
    invalid('model.features selects from featureViews', `"${selector}" names no feature view`, selector)
  }
  if (!view.online) {
    invalid('the features of a model are online', `"${selector}" reads a view with online: false`, selector)
  }
  const names = featureName === '*' ? Object.keys(view.features) : [featureName]
  return names.map((name) => featureColumn(selector, viewName, view, name))
}

function featureColumn(selector: string, viewName: string, view: FeatureView, name: string): FeatureColumn {
  const feature = Object.hasOwn(view.features, name) ? view.features[name] : undefined
  if (!feature) {
    invalid(
      'model.features selects declared features',
      `"${selector}": "${viewName}" has no feature "${name}"`,
      selector,
    )
  }
  const column = modelInput(viewName, name, feature)
  if (!column) {
    invalid(
      'a model reads int, float, boolean and category',
      `"${viewName}.${name}" is a ${feature.type}; declare a category, or list it under unused`,
      feature.type,
    )
  }
  return column
}
