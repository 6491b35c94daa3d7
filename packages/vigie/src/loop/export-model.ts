import type { Project } from '../define/project.ts'
import { parseArtefact } from '../domain/model/artefact.ts'
import type { Model } from '../domain/model/model.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import { modelVersion } from './holdout-scores.ts'

/** A registered version with its model, from bytes that have their hash. Throws `version_unknown` or what the store says. */
export async function exportModel(
  ports: Ports,
  project: Project,
  version: number,
): Promise<{ readonly version: ModelVersion; readonly model: Model }> {
  const found = await modelVersion(ports, project, version)
  return { version: found, model: parseArtefact(await ports.artefacts.get(found.artefact)) }
}
