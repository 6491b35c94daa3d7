import { setImmediate as nextTurn } from 'node:timers/promises'
import { onlineInputs } from '../define/model-input.ts'
import type { Project } from '../define/project.ts'
import { derivation } from '../domain/derivation.ts'
import { type FeatureReading, featureReading } from '../domain/feature-reading.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import type { ViewSource } from '../ports/offline-store.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import { viewSources } from './dataset.ts'
import { modelVersion } from './holdout-scores.ts'
import { type ScoringModel, scoringModel } from './predict.ts'

/** A registered version, ready to answer, and how it reads the history. */
export interface VersionReader {
  readonly version: ModelVersion
  readonly model: ScoringModel
  readonly reading: FeatureReading
  /** Where each view is read from and how old its values may be, as when the version was trained. */
  readonly views: readonly ViewSource[]
}

/**
 * Loads a version with its own recipe: the views as they were declared when it was trained, and the categories that it
 * knows. While the definition has its inputs they are read as a server would, where a category that is new is null to the
 * model; when the definition has them no longer, the history is read as the version itself declares them.
 *
 * @throws `version_unknown`, `artefact_missing`, `artefact_corrupt`, `artefact_invalid`, and for a graph what its runtime throws
 */
export async function versionReader(ports: Ports, project: Project, version: number): Promise<VersionReader> {
  const registered = await modelVersion(ports, project, version)
  const model = await scoringModel(await ports.artefacts.get(registered.artefact), nextTurn, ports.graphs)
  const reading = featureReading(model.features, onlineInputs(project))
  return {
    version: registered,
    model,
    reading: 'lacking' in reading ? asTrained(model.features) : reading,
    views: registered.trainingSet?.views ?? viewSources(project),
  }
}

function asTrained(spec: FeatureSpec): FeatureReading {
  const { inputs, row } = derivation(spec)
  return { inputs, columns: spec, row, translate: (values) => values, translateInputs: (frame) => frame }
}
