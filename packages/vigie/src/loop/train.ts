import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import { featureSpecHash } from '../domain/feature-spec.ts'
import { packFingerprints } from '../domain/fingerprint-file.ts'
import { policyHash } from '../domain/promotion/policy-hash.ts'
import { rowsHash } from '../domain/rows-hash.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import { labelledRows, positives, split } from './dataset.ts'

export interface TrainResult {
  readonly version: number
  readonly trainedAsOf: AsOf
  readonly rows: number
  /** Rows that were left out because a feature that is not optional has no value. */
  readonly incomplete: number
  readonly artefact: string
  readonly artefactBytes: number
}

/**
 * Fits a challenger on the rows of `asOf` that are not held out, and registers it with the fingerprints of those rows.
 * Idempotent: the same rows under the same definition are the same version.
 */
export async function train(
  ports: Ports,
  project: Project,
  { asOf }: { readonly asOf: AsOf },
  onProgress?: (share: number) => void,
): Promise<TrainResult> {
  const policy = policyHash(project.promotion)
  await ports.registry.freezePolicy(policy, project.promotion)
  const { training } = split(await labelledRows(ports, project, asOf), project)
  const n = training.rows.keys.length
  const ones = positives(training)
  if (ones === 0 || ones === n) {
    throw new VigieError('too_few_rows', `${asOf} has ${n} training rows, ${ones} of them with the label true`, {
      rule: 'training needs rows of both classes',
      value: `${ones} of ${n}`,
    })
  }
  const trainingRowsHash = rowsHash(training.rows, asOf)
  const model = await ports.compute.run(
    'fit',
    {
      trainer: project.model.trainer,
      rows: training.rows,
      threshold: project.model.threshold,
      classes: ['false', 'true'],
      trainingRowsHash,
      definitionHash: project.hash,
    },
    onProgress,
  )
  const { id, secret } = ports.fingerprintKey
  const fingerprints = await ports.compute.run('fingerprints', { secret, keys: training.rows.keys, asOf })
  const version = await ports.registry.createVersion(
    {
      model: project.model.name,
      artefact: await ports.artefacts.put(model.bytes),
      artefactBytes: model.bytes.byteLength,
      trainedAsOf: asOf,
      snapshots: [training.snapshot.id],
      trainingRowsHash,
      trainingRows: n,
      trainingBaseRate: ones / n,
      featureSpecHash: featureSpecHash(project.model.features),
      definitionHash: project.hash,
      fingerprints: await ports.artefacts.put(packFingerprints(fingerprints, id)),
      trainer: { ...project.model.trainer },
      policyHash: policy,
    },
    `${asOf}:${trainingRowsHash}:${project.hash}`,
  )
  return {
    version: version.version,
    trainedAsOf: asOf,
    rows: n,
    incomplete: training.incomplete,
    artefact: version.artefact,
    artefactBytes: version.artefactBytes,
  }
}
