import { labelTarget } from '../define/label.ts'
import type { Project } from '../define/project.ts'
import { type AsOf, endOfDayMs } from '../domain/as-of.ts'
import { featureSpecHash } from '../domain/feature-spec.ts'
import { packFingerprints } from '../domain/fingerprint-file.ts'
import type { Target } from '../domain/model/target.ts'
import { policyHash } from '../domain/promotion/policy-hash.ts'
import { rowsHash } from '../domain/rows-hash.ts'
import { checkWeights } from '../domain/sample-weight.ts'
import { missingMonthEnds } from '../domain/snapshot-date.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import { classCounts, labelledRows, type Part, split } from './dataset.ts'

export interface TrainResult {
  readonly version: number
  readonly trainedAsOf: AsOf
  readonly rows: number
  /** Rows that were left out because a feature that is not optional has no value. */
  readonly incomplete: number
  /** Rows that were left out because their label came before the outcome was decided. */
  readonly immature: number
  readonly artefact: string
  readonly artefactBytes: number
}

/**
 * Fits a challenger on the rows of `asOf` that are not held out, and registers it with the fingerprints of those rows
 * and with what gives the same rows again. Idempotent: the same rows under the same definition are the same version.
 *
 * @throws `gap` when a date before has no snapshot and the definition does not allow that; `labels_immature`;
 *   `too_few_rows`
 */
export async function train(
  ports: Ports,
  project: Project,
  { asOf, allowGap = false }: { readonly asOf: AsOf; readonly allowGap?: boolean },
  onProgress?: (share: number) => void,
): Promise<TrainResult> {
  const policy = policyHash(project.promotion)
  await ports.registry.freezePolicy(policy, project.promotion)
  if (!allowGap && project.snapshots.gaps === 'refuse') await refuseGap(ports, asOf)
  const { training } = split(await labelledRows(ports, project, asOf), project.model.holdout)
  if (!training.mature) throw immature(training)
  const n = training.rows.keys.length
  const target = labelTarget(project.label)
  const counts = classCounts(training, target)
  checkLabels(training, target, counts)
  if (project.model.sampleWeight) checkWeights(training.rows, project.model.sampleWeight.name)
  const trainingRowsHash = rowsHash(training.rows, asOf)
  const model = await ports.compute.run(
    'fit',
    {
      trainer: project.model.trainer,
      rows: training.rows,
      target,
      threshold: project.model.threshold,
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
      trainingSet: { ...training.recipe, holdout: project.model.holdout },
      trainingRowsHash,
      trainingRows: n,
      trainingBaseRate: target.kind === 'binary' ? counts[1]! / n : null,
      featureSpecHash: featureSpecHash(project.model.features),
      definitionHash: project.hash,
      fingerprints: await ports.artefacts.put(packFingerprints(fingerprints, id)),
      trainer: { ...model.trainer },
      policyHash: policy,
    },
    `${asOf}:${trainingRowsHash}:${project.hash}`,
  )
  return {
    version: version.version,
    trainedAsOf: asOf,
    rows: n,
    incomplete: training.incomplete,
    immature: training.immature,
    artefact: version.artefact,
    artefactBytes: version.artefactBytes,
  }
}

/** A model learns nothing from labels that are all the same. */
function checkLabels({ asOf, rows }: Part, target: Target, counts: readonly number[]): void {
  const n = rows.keys.length
  const most = target.kind === 'number' ? n : Math.max(...counts)
  const differ = target.kind === 'number' ? rows.label.some((y) => y !== rows.label[0]) : most < n
  if (differ) return
  const name = target.kind === 'number' ? rows.label[0] : target.classes[counts.indexOf(most)]
  throw new VigieError(
    'too_few_rows',
    `${asOf} has ${n} training rows${n === 0 ? '' : `, all with the label ${name}`}`,
    {
      rule: RULE_FOR_LABELS[target.kind],
      value: `${most} of ${n}`,
    },
  )
}

const RULE_FOR_LABELS: Readonly<Record<Target['kind'], string>> = {
  binary: 'training needs rows of both classes',
  classes: 'training needs rows of at least two classes',
  number: 'training needs rows with different labels',
}

/** A month that never came is no month in which nothing happened: its entities and outcomes are missing. */
async function refuseGap(ports: Ports, asOf: AsOf): Promise<void> {
  const known = new Set((await ports.snapshots.list()).map((snapshot) => snapshot.asOf))
  const missing = missingMonthEnds(known, asOf)
  if (missing.length === 0) return
  const named =
    missing.length > 3 ? `${missing.slice(0, 3).join(', ')} and ${missing.length - 3} more` : missing.join(', ')
  throw new VigieError('gap', `there is no snapshot of ${named}, and ${asOf} is newer`, {
    rule: 'no date is missing between the first snapshot and the one that is trained on',
    value: named,
  })
}

function immature({ asOf, snapshot, recipe, immature }: Part): VigieError {
  const decided = new Date(endOfDayMs(asOf) + recipe.label.horizonMs).toISOString()
  return new VigieError('labels_immature', `the ${immature} labels of ${asOf} came before their outcome was decided`, {
    rule: `labels of ${asOf} are delivered after ${decided}, their horizon`,
    value: snapshot.ingestedAt,
  })
}
