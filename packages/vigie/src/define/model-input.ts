import type { FeatureColumn, FeatureSpec } from '../domain/feature-spec.ts'
import type { Feature } from './feature.ts'
import type { FeatureView } from './feature-view.ts'

/** A declared feature as an input of models. Null for strings, dates and timestamps, which no model reads. */
export function modelInput(view: string, name: string, feature: Feature): FeatureColumn | null {
  const { type, optional, categories } = feature
  if (type === 'string' || type === 'date' || type === 'timestamp') return null
  return { name: `${view}.${name}`, view, feature: name, type, optional, ...(categories ? { categories } : {}) }
}

/** All inputs that a view offers, in the order of its declaration: what the online store keeps of it. */
export function viewInputs(name: string, view: FeatureView): FeatureSpec {
  return Object.entries(view.features).flatMap(([feature, declared]) => modelInput(name, feature, declared) ?? [])
}

/** Everything that a model of this definition could read, used by its model or not. */
export function onlineInputs(views: Readonly<Record<string, FeatureView>>): FeatureSpec {
  return Object.entries(views).flatMap(([name, view]) => (view.online ? viewInputs(name, view) : []))
}
