import { inputsOf } from '../domain/derivation.ts'
import type { FeatureColumn, FeatureSpec } from '../domain/feature-spec.ts'
import type { Feature } from './feature.ts'
import type { Project } from './project.ts'

/** A declared feature as an input of models. Null for strings, dates and timestamps, which no model reads. */
export function modelInput(view: string, name: string, feature: Feature): FeatureColumn | null {
  const { type, optional, categories } = feature
  if (type === 'string' || type === 'date' || type === 'timestamp') return null
  return { name: `${view}.${name}`, view, feature: name, type, optional, ...(categories ? { categories } : {}) }
}

type Defined = Pick<Project, 'featureViews' | 'derived'>

/**
 * The base columns that a view offers: its features in the order of their declaration, then the values before those that
 * some derived feature reads. What the online store keeps of it.
 */
export function viewInputs({ featureViews, derived }: Defined, name: string): FeatureSpec {
  const own = Object.entries(featureViews[name]?.features ?? {}).flatMap(
    ([feature, declared]) => modelInput(name, feature, declared) ?? [],
  )
  return [...own, ...inputsOf(derived).filter(({ view, lag }) => view === name && lag !== undefined)]
}

/** The base columns of everything that a model of this definition could read, used by its model or not. */
export function onlineInputs(project: Defined): FeatureSpec {
  return Object.entries(project.featureViews).flatMap(([name, view]) => (view.online ? viewInputs(project, name) : []))
}
