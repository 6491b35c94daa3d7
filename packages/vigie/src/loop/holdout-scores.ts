import { labelTarget } from '../define/label.ts'
import { onlineInputs } from '../define/model-input.ts'
import type { Project } from '../define/project.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { featureReading } from '../domain/feature-reading.ts'
import { type FeatureSpec, featureSpecHash } from '../domain/feature-spec.ts'
import type { Frame } from '../domain/frame.ts'
import { artefactHeader } from '../domain/model/artefact.ts'
import type { ArtefactHeader } from '../domain/model/artefact-header.ts'
import type { Target } from '../domain/model/target.ts'
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
 * Inputs that a version reads and the definition no longer has, or has as another type; or the label, when the version
 * answers another. Empty when it can be scored:
 * also an older version, trained under another definition.
 */
export async function lackingInputs(ports: Ports, project: Project, model: ModelVersion): Promise<readonly string[]> {
  const { features, target } = await trainedAs(ports, model)
  if (!isAsked(project, target)) return [`a label ${targetText(target)}`]
  if (readsAsDefined(project, model)) return []
  const reading = featureReading(features, onlineInputs(project))
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
  const rows = await rowsFor(ports, project, model, dataset)
  return ports.compute.run('score', { artefact: await ports.artefacts.get(model.artefact), rows })
}

/** The rows of a dataset as a version reads them. */
export async function rowsFor(ports: Ports, project: Project, model: ModelVersion, dataset: Dataset): Promise<Frame> {
  return readsAsDefined(project, model) ? dataset.rows : ownRows(ports, project, model, dataset)
}

/** Whether the definition still has the features that a version was trained on, all as they were. */
export function readsAsDefined(project: Project, model: ModelVersion): boolean {
  return model.featureSpecHash === featureSpecHash(project.model.features)
}

/** What the artefact of a version says about it. */
export async function trainedAs(ports: Pick<Ports, 'artefacts'>, model: ModelVersion): Promise<ArtefactHeader> {
  return artefactHeader(await ports.artefacts.get(model.artefact))
}

/** The features of a version, as its artefact has them. */
export async function trainedOn(ports: Pick<Ports, 'artefacts'>, model: ModelVersion): Promise<FeatureSpec> {
  return (await trainedAs(ports, model)).features
}

/** Whether a model answers what the label of the definition asks: it was trained on the same classes, or on numbers. */
export function isAsked(project: Project, target: Target): boolean {
  return canonicalJson(target) === canonicalJson(labelTarget(project.label))
}

/** `of the classes false, true`, `that is a number` */
export function targetText(target: Target): string {
  return target.kind === 'number' ? 'that is a number' : `of the classes ${target.classes.join(', ').slice(0, 100)}`
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
