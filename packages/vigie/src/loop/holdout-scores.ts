import { onlineInputs } from '../define/model-input.ts'
import type { Project } from '../define/project.ts'
import { featureReading } from '../domain/feature-reading.ts'
import { featureSpecHash } from '../domain/feature-spec.ts'
import type { Frame } from '../domain/frame.ts'
import { artefactHeader } from '../domain/model/artefact.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import { type Dataset, viewSources } from './dataset.ts'
import { deriveRows } from './join-features.ts'

/** The registered version, or `version_unknown`. */
export async function modelVersion(ports: Ports, project: Project, version: number): Promise<ModelVersion> {
  const found = await ports.registry.version(project.model.name, version)
  if (found) return found
  throw new VigieError('version_unknown', `${project.model.name} has no version ${version}`, {
    rule: 'a version is trained or registered before it is used',
    value: String(version),
  })
}

/**
 * Inputs that a version reads and the definition no longer has, or has as another type. Empty when it can be scored:
 * also an older version, trained under another definition.
 */
export async function lackingInputs(ports: Ports, project: Project, model: ModelVersion): Promise<readonly string[]> {
  if (readsAsDefined(project, model)) return []
  const reading = featureReading(await trainedOn(ports, model), onlineInputs(project))
  return 'lacking' in reading ? reading.lacking : []
}

/** `version 3 reads usage.hours, which the definition no longer has`. */
export function lackingText({ version }: ModelVersion, lacking: readonly string[]): string {
  const more = lacking.length > 3 ? ` and ${lacking.length - 3} more` : ''
  return `version ${version} reads ${lacking.slice(0, 3).join(', ')}${more}, which the definition no longer has`
}

/**
 * Probabilities of one version for the rows of a dataset, in their order. A version that was trained under another
 * definition reads its own features of the same rows. Throws `feature_spec_mismatch` when there are `lackingInputs`.
 */
export async function scores(
  ports: Ports,
  project: Project,
  model: ModelVersion,
  dataset: Dataset,
): Promise<Float64Array> {
  const rows = readsAsDefined(project, model) ? dataset.rows : await ownRows(ports, project, model, dataset)
  return ports.compute.run('score', { artefact: await ports.artefacts.get(model.artefact), rows })
}

/** Whether the definition still has the features that a version was trained on, all as they were. */
export function readsAsDefined(project: Project, model: ModelVersion): boolean {
  return model.featureSpecHash === featureSpecHash(project.model.features)
}

/** The features of a version, as its artefact has them. */
export async function trainedOn(ports: Ports, model: ModelVersion) {
  return artefactHeader(await ports.artefacts.get(model.artefact)).features
}

async function ownRows(ports: Ports, project: Project, model: ModelVersion, dataset: Dataset): Promise<Frame> {
  const spec = await trainedOn(ports, model)
  const reading = featureReading(spec, onlineInputs(project))
  if ('lacking' in reading) {
    throw new VigieError('feature_spec_mismatch', lackingText(model, reading.lacking), {
      rule: 'a model scores only rows of the features that it was trained on',
      value: reading.lacking.join(', ').slice(0, 200),
    })
  }
  const { keys } = dataset.rows
  const base = await ports.offline.pointInTimeJoin({
    spine: { kind: 'rows', keys, at: keys.map(() => dataset.asOf) },
    features: reading.inputs,
    views: viewSources(project),
    snapshots: await ports.snapshots.list(),
    pushes: await ports.snapshots.pushes(),
  })
  return deriveRows(reading.translateInputs(base), spec)
}
