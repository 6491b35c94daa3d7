import { labelTarget } from '../define/label.ts'
import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import { featureSpecHash } from '../domain/feature-spec.ts'
import { packFingerprints } from '../domain/fingerprint-file.ts'
import { encodeArtefact, parseArtefact } from '../domain/model/artefact.ts'
import type { Body } from '../domain/model/model.ts'
import { policyHash } from '../domain/promotion/policy-hash.ts'
import type { Imported } from '../domain/trainer.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'

/** A model of another tool, translated for the features and the label of the project. */
export interface ForeignVersion {
  readonly origin: Imported
  readonly body: Body
  /** Date whose rows it was trained on, as its owner says. */
  readonly asOf: AsOf
  /** Keys of the rows that it was trained on; null when nobody says: then nothing can be compared with it. */
  readonly trainingKeys: readonly string[] | null
}

/** The artefact of a translated model. Its bytes are read back, so whatever is wrong with it is found before it is kept. */
export function foreignArtefact(project: Project, origin: Imported, body: Body): Uint8Array {
  const target = labelTarget(project.label)
  const { threshold } = project.model
  const { features } = project.model
  const bytes = encodeArtefact(
    {
      trainer: origin,
      features,
      featureSpecHash: featureSpecHash(features),
      target,
      // One that is chosen on training rows needs them; these are elsewhere.
      threshold: target.kind === 'binary' ? (typeof threshold === 'number' ? threshold : 0.5) : null,
      // Its training rows are not here: the file stands for them.
      trainingRowsHash: origin.sha256,
      definitionHash: project.hash,
    },
    body,
  )
  parseArtefact(bytes)
  return bytes
}

/**
 * Makes a translated model a version like any other, to be compared, promoted and served. Idempotent: the same file under
 * the same definition is the same version.
 */
export async function registerModel(
  ports: Ports,
  project: Project,
  { origin, body, asOf, trainingKeys }: ForeignVersion,
): Promise<ModelVersion> {
  const policy = policyHash(project.promotion)
  await ports.registry.freezePolicy(policy, project.promotion)
  const bytes = foreignArtefact(project, origin, body)
  return ports.registry.createVersion(
    {
      model: project.model.name,
      artefact: await ports.artefacts.put(bytes),
      artefactBytes: bytes.byteLength,
      trainedAsOf: asOf,
      snapshots: [],
      trainingSet: null,
      trainingRowsHash: origin.sha256,
      trainingRows: trainingKeys?.length ?? 0,
      trainingBaseRate: null,
      featureSpecHash: featureSpecHash(project.model.features),
      definitionHash: project.hash,
      fingerprints: trainingKeys && (await storedFingerprints(ports, trainingKeys, asOf)),
      trainer: { ...origin },
      policyHash: policy,
    },
    `imported:${origin.sha256}:${project.hash}:${asOf}`,
  )
}

async function storedFingerprints(ports: Ports, keys: readonly string[], asOf: AsOf): Promise<string> {
  const { id, secret } = ports.fingerprintKey
  const fingerprints = await ports.compute.run('fingerprints', { secret, keys, asOf })
  return ports.artefacts.put(packFingerprints(fingerprints, id))
}
