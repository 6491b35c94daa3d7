import type { Project } from '../define/project.ts'
import { packFingerprints } from '../domain/fingerprint-file.ts'
import type { Ports } from '../ports/ports.ts'
import { modelVersion } from './holdout-scores.ts'

export interface SuppliedFingerprints {
  readonly version: number
  readonly rows: number
  readonly entities: number
  readonly fingerprints: string
}

/**
 * Tells what a version was trained on that came without: the keys in a file become fingerprints, and who said so goes into
 * the audit log. The version can then be compared on what it has not seen. What is supplied replaces what was known.
 *
 * @throws `version_unknown`, `column_missing`, `no_rows`
 */
export async function supplyFingerprints(
  ports: Ports,
  project: Project,
  { version, file, actor }: { readonly version: number; readonly file: string; readonly actor: string },
): Promise<SuppliedFingerprints> {
  const model = await modelVersion(ports, project, version)
  const { id, secret } = ports.fingerprintKey
  const { fingerprints, rows } = await ports.compute.run('trainingKeys', {
    file,
    key: project.entity.key,
    asOf: model.trainedAsOf,
    secret,
  })
  const hash = await ports.artefacts.put(packFingerprints(fingerprints, id))
  await ports.registry.supplyFingerprints({ model: model.model, version, fingerprints: hash, rows, actor })
  return { version, rows, entities: fingerprints.entities.length, fingerprints: hash }
}
