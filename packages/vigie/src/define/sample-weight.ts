import { DERIVED, type FeatureColumn, type FeatureSpec } from '../domain/feature-spec.ts'
import type { FeatureView } from './feature-view.ts'
import { invalid } from './invalid.ts'
import { modelInput } from './model-input.ts'

/** The column of `view.feature` or `derived.feature` that weighs training rows. It need not be online, nor a feature of the model. */
export function sampleWeight(
  selector: string,
  views: Readonly<Record<string, FeatureView>>,
  derived: FeatureSpec,
): FeatureColumn {
  const column = selector.startsWith(`${DERIVED}.`)
    ? derived.find(({ name }) => name === selector)
    : declared(selector, views)
  if (!column) invalid('model.sampleWeight names a declared feature', `"${selector}" is none`, selector)
  if (column.type !== 'int' && column.type !== 'float') {
    invalid('model.sampleWeight is an int or a float', `"${selector}" is a ${column.type}`, column.type)
  }
  return column
}

function declared(selector: string, views: Readonly<Record<string, FeatureView>>): FeatureColumn | null {
  const [viewName = '', name = '', ...more] = selector.split('.')
  const view = Object.hasOwn(views, viewName) ? views[viewName] : undefined
  const feature = view && Object.hasOwn(view.features, name) ? view.features[name] : undefined
  return feature && more.length === 0 ? modelInput(viewName, name, feature) : null
}
