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
import { labelledRows } from './dataset.ts'

/** A model of another tool, translated for the features and the label of the project. */
export interface ForeignVersion {
  readonly origin: Imported
  readonly body: Body
  /** Date whose rows it was trained on, as its owner says. */
  readonly asOf: AsOf
  /**
   * Keys of the rows that it was trained on, and the share of class 1 among them; null when nobody says: then nothing can
   * be compared with it.
   */
  readonly trainedOn: { readonly keys: readonly string[]; readonly baseRate: number | null } | null
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
 * Makes a translated model a version like any other, to be compared, promoted and served. Idempotent: the same file and
 * training keys under the same definition are the same version.
 */
export async function registerModel(
  ports: Ports,
  project: Project,
  { origin, body, asOf, trainedOn }: ForeignVersion,
): Promise<ModelVersion> {
  const policy = policyHash(project.promotion)
  await ports.registry.freezePolicy(policy, project.promotion)
  const bytes = foreignArtefact(project, origin, body)
  const fingerprints = trainedOn && (await storedFingerprints(ports, trainedOn.keys, asOf))
  return ports.registry.createVersion(
    {
      model: project.model.name,
      artefact: await ports.artefacts.put(bytes),
      artefactBytes: bytes.byteLength,
      trainedAsOf: asOf,
      snapshots: [],
      trainingSet: null,
      trainingRowsHash: origin.sha256,
      trainingRows: trainedOn?.keys.length ?? 0,
      trainingBaseRate: trainedOn && (trainedOn.baseRate ?? (await baseRateOf(ports, project, asOf, trainedOn.keys))),
      featureSpecHash: featureSpecHash(project.model.features),
      definitionHash: project.hash,
      fingerprints,
      trainer: { ...origin },
      policyHash: policy,
    },
    `imported:${origin.sha256}:${project.hash}:${asOf}:${fingerprints ?? 'unknown'}`,
  )
}

/** The share of class 1 among those of the keys that have a label here; null when none has. */
async function baseRateOf(ports: Ports, project: Project, asOf: AsOf, keys: readonly string[]): Promise<number | null> {
  const isKnown = (await ports.snapshots.list()).some((snapshot) => snapshot.asOf === asOf)
  if (labelTarget(project.label).kind !== 'binary' || !isKnown) return null
  const { rows } = await labelledRows(ports, project, asOf)
  const trained = new Set(keys)
  const labels = rows.label.filter((_, i) => trained.has(rows.keys[i]!))
  return labels.length === 0 ? null : labels.reduce((sum, y) => sum + y, 0) / labels.length
}

async function storedFingerprints(ports: Ports, keys: readonly string[], asOf: AsOf): Promise<string> {
  const { id, secret } = ports.fingerprintKey
  const fingerprints = await ports.compute.run('fingerprints', { secret, keys, asOf })
  return ports.artefacts.put(packFingerprints(fingerprints, id))
}
