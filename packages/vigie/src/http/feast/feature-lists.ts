import { onlineInputs } from '../../define/model-input.ts'
import type { Project } from '../../define/project.ts'
import { DERIVED, type FeatureColumn, type FeatureSpec } from '../../domain/feature-spec.ts'
import { VigieError } from '../../errors.ts'
import { onlineFeatures } from '../../loop/entity-features.ts'
import { answerWriter } from './answer.ts'
import { viewUnknown } from './refusal.ts'

/** What a request asks for, in Feast's words. */
export interface Asked {
  /** `view:feature`, each. */
  readonly features: readonly string[]
  /** Name of a model, in place of features. */
  readonly service: string | null
  /** `view__feature` in the answer, for features that share a name. */
  readonly fullNames: boolean
  readonly withViews: boolean
}

/** How one list of features is read and answered. */
export interface FeatureList {
  readonly read: ReturnType<typeof onlineFeatures>
  readonly write: ReturnType<typeof answerWriter>
}

/** Lists that are kept. A caller asks for the same few over and over; one that does not costs 50 us a request. */
const KEPT = 256

/**
 * Resolves lists of features, and keeps them for the next request.
 *
 * @throws `feature_view_unknown`, `feature_unknown`, `feature_service_unknown`, `feature_names_collide`, `body_invalid`
 */
export function featureLists(project: Project): (asked: Asked) => FeatureList {
  const known = new Map<string, FeatureList>()
  return (asked) => {
    const { features, service, fullNames, withViews } = asked
    const id = `${fullNames ? 1 : 0}${withViews ? 1 : 0}${service ?? ''}\n${features.join('\n')}`
    const found = known.get(id)
    if (found) return found
    if (known.size === KEPT) known.clear()
    const made = featureList(project, asked)
    known.set(id, made)
    return made
  }
}

function featureList(project: Project, { features, service, fullNames, withViews }: Asked): FeatureList {
  if (service !== null && features.length > 0) {
    throw new VigieError('body_invalid', 'features and feature_service are both given', {
      rule: 'features names some, or feature_service a model',
      field: '/feature_service',
    })
  }
  const spec =
    service === null ? features.map((name) => featureNamed(project, name)) : serviceFeatures(project, service)
  if (spec.length === 0) {
    throw new VigieError('body_invalid', 'No features specified for retrieval', {
      rule: 'features names some, or feature_service a model',
      field: '/features',
    })
  }
  const names = spec.map(({ view, feature }) => (fullNames ? `${view}__${feature}` : feature))
  refuseRepeated(names, fullNames)
  const views = withViews ? [...new Set(spec.map(({ view }) => view))] : null
  return { read: onlineFeatures(project, spec), write: answerWriter([project.entity.key, ...names], spec, views) }
}

function serviceFeatures(project: Project, service: string): FeatureSpec {
  if (service === project.model.name) return project.model.features
  const shown = service.slice(0, 80)
  throw new VigieError(
    'feature_service_unknown',
    `Feature service ${shown} does not exist in project ${project.name}`,
    {
      rule: 'a feature service is the features of a model, under its name',
      value: shown,
    },
  )
}

/** Of online views and of derived features; what a model cannot read is not kept online. */
function featureNamed(project: Project, reference: string): FeatureColumn {
  const [view = '', feature = ''] = reference.split(':', 2)
  const columns: FeatureSpec = view === DERIVED ? project.derived : onlineInputs(project).filter((c) => c.view === view)
  if (columns.length === 0) throw viewUnknown(view, project.name)
  const column = columns.find((candidate) => candidate.feature === feature && candidate.lag === undefined)
  if (column) return column
  throw new VigieError('feature_unknown', `Feature ${feature.slice(0, 80)} not found in feature view ${view}`, {
    rule: 'a feature is one that the definition has, of a type that models read',
    value: reference.slice(0, 80),
  })
}

function refuseRepeated(names: readonly string[], fullNames: boolean): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice === undefined) return
  const hint = fullNames
    ? 'Name each feature once.'
    : "Set 'full_feature_names', or name features with different names."
  throw new VigieError('feature_names_collide', `Duplicate features named ${twice} found.\n${hint}`, {
    rule: 'the features of an answer have different names',
    value: twice,
    hint,
  })
}
