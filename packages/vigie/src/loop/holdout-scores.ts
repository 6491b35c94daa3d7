import type { Project } from '../define/project.ts'
import { featureSpecHash } from '../domain/feature-spec.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import type { Dataset } from './dataset.ts'

/** The registered version, or `version_unknown`. */
export async function modelVersion(ports: Ports, project: Project, version: number): Promise<ModelVersion> {
  const found = await ports.registry.version(project.model.name, version)
  if (found) return found
  throw new VigieError('version_unknown', `${project.model.name} has no version ${version}`, {
    rule: 'a version is trained or registered before it is used',
    value: String(version),
  })
}

/** Probabilities of one version for the rows of a dataset, in their order. */
export async function scores(
  ports: Ports,
  project: Project,
  model: ModelVersion,
  { rows }: Dataset,
): Promise<Float64Array> {
  const expected = featureSpecHash(project.model.features)
  if (model.featureSpecHash !== expected) {
    throw new VigieError('feature_spec_mismatch', `version ${model.version} reads other features than the definition`, {
      rule: 'a model scores only rows of the features that it was trained on',
      value: `${model.featureSpecHash.slice(0, 12)} and not ${expected.slice(0, 12)}`,
    })
  }
  return ports.compute.run('score', { artefact: await ports.artefacts.get(model.artefact), rows })
}
