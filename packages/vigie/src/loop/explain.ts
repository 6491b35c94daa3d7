import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import { featureGroups } from '../domain/explain/feature-groups.ts'
import type { FeatureExplanation, ModelExplanation } from '../domain/explain/model-explanation.ts'
import { lossOf } from '../domain/explain/permutation.ts'
import { contributionSizes } from '../domain/explain/size-of-contributions.ts'
import { isLoss } from '../domain/policy.ts'
import type { Ports } from '../ports/ports.ts'
import { rowsToExplain } from './explained-rows.ts'
import { modelVersion, trainedAs } from './holdout-scores.ts'
import { shuffledParts } from './shuffled-parts.ts'

/** Rows, and visits of nodes, that are enough for means and keep within seconds. */
const MOST = { rows: 1000, visits: 5e7 }
const SEED = 1

/**
 * What the features of a version do: the gain of their splits, how much they contribute to its scores, and what the
 * project's metric loses without them. All on rows that are not held out, so it is no look at the holdout: on the rows
 * that the version was trained on, by models of the same trainer that saw only a part of them; on those of another date
 * by the version itself.
 *
 * @throws `version_unknown`, `explanation_unavailable`, `training_set_changed`, `snapshot_missing`,
 *   `feature_spec_mismatch`
 */
export async function explanationOf(
  ports: Ports,
  project: Project,
  version: number,
  { asOf = null, repetitions = 5 }: { readonly asOf?: AsOf | null; readonly repetitions?: number } = {},
  onProgress?: (share: number) => void,
  signal?: AbortSignal,
): Promise<ModelExplanation> {
  const model = await modelVersion(ports, project, version)
  const header = await trainedAs(ports, model)
  const { rows, ...of } = await rowsToExplain(ports, project, model, asOf)
  const artefact = await ports.artefacts.get(model.artefact)
  const explained = await ports.compute.run(
    'explain',
    { artefact, rows: { ...rows, keys: [] }, most: MOST },
    (share) => onProgress?.(share / 4),
    signal,
  )
  const spec = header.features
  const sizes = contributionSizes(explained.phi, columnsAt(rows.columns, explained.rows), spec)
  const parts = await shuffledParts(
    ports,
    header,
    { artefact, rows, ...of },
    (share) => onProgress?.((1 + share) / 4),
    signal,
  )
  const groups = featureGroups(spec)
  const metric = project.promotion.metric
  const units = [...spec.map((_, f) => [f]), ...groups].map((features, number) => ({ number, features }))
  const found =
    'parts' in parts
      ? await ports.compute.run(
          'shuffle',
          { parts: parts.parts, metric, units, repetitions, seed: SEED },
          (share) => onProgress?.((1 + share) / 2),
          signal,
        )
      : null
  const loss = (unit: number) =>
    found && lossOf(metric, found.value, found.shuffled.subarray(unit * repetitions, (unit + 1) * repetitions))
  const total = explained.gain?.reduce((sum, gain) => sum + gain, 0) ?? 0
  const features = spec.map(({ name }, f) => ({
    name,
    gain: explained.gain && (total > 0 ? explained.gain[f]! / total : 0),
    loss: loss(f),
    ...sizes[f]!,
  }))
  const rank = (feature: FeatureExplanation) => feature.loss?.estimate ?? feature.size.estimate
  return {
    model: project.model.name,
    version,
    rows: { asOf: of.asOf, all: rows.keys.length, trainedOn: of.trainedOn, explained: explained.rows.length },
    space: explained.space,
    beforeCalibration: explained.beforeCalibration,
    bases: Array.from(explained.bases),
    shuffled:
      found && 'parts' in parts
        ? { metric, isLoss: isLoss(metric), value: found.value, rows: parts.rows, repetitions, refits: parts.refits }
        : null,
    notShuffled: 'parts' in parts ? null : parts.because,
    features: features.sort((a, b) => rank(b) - rank(a)),
    groups: groups.flatMap((group, g) => {
      const lost = loss(spec.length + g)
      return lost ? [{ features: group.map((f) => spec[f]!.name), loss: lost }] : []
    }),
  }
}

function columnsAt(columns: readonly Float64Array[], rows: Int32Array): readonly Float64Array[] {
  return columns.map((column) => Float64Array.from(rows, (row) => column[row]!))
}
