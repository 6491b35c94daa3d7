import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import type { Frame } from '../domain/frame.ts'
import type { LabelColumn } from '../domain/label-column.ts'
import { isLegalFeature } from '../domain/legal-feature.ts'
import { rowsHash } from '../domain/rows-hash.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import { readRows, recipeLabel, split } from './dataset.ts'
import { modelVersion } from './holdout-scores.ts'

export interface RebuiltSet {
  readonly version: number
  readonly asOf: AsOf
  /** The training rows, in the order in which they were trained on. */
  readonly rows: Frame & { readonly label: Float64Array }
  /** How the label is read. */
  readonly label: LabelColumn
  /** Full name of the feature that says how much each row counts. */
  readonly weight: string | null
  /** sha256 of the rows: the same as when the version was trained. */
  readonly rowsHash: string
  /** Whether the definition is the one that the version was trained under. The set does not depend on it. */
  readonly definition: 'same' | 'changed'
  /** The catalogue's clock when the rows were first read: nothing that became known later is in them. */
  readonly knownAt: string
}

/**
 * The rows that a version was trained on, bit for bit, from what the version pins: whatever was corrected, came late or
 * was defined otherwise since.
 *
 * @throws `version_unknown`, `training_set_unknown`; `training_set_changed` when the history no longer gives these rows
 */
export async function rebuildTrainingSet(ports: Ports, project: Project, version: number): Promise<RebuiltSet> {
  const model = await modelVersion(ports, project, version)
  const { trainingSet: pins } = model
  if (!pins) {
    throw new VigieError('training_set_unknown', `nobody kept what version ${version} was trained on`, {
      rule: 'a version that is trained here pins its training set',
      value: String(version),
    })
  }
  // Expressions are run: what is none goes no further.
  if (!(pins.features.every(isLegalFeature) && (!pins.weight || isLegalFeature(pins.weight)))) {
    throw new VigieError('training_set_changed', `what version ${version} was trained on is not readable`, {
      rule: 'the pinned features are as they were written',
      value: `version ${version}`,
    })
  }
  const { training } = split(await readRows(ports, pins), pins.holdout)
  const hash = rowsHash(training.rows, pins.asOf)
  if (hash !== model.trainingRowsHash) {
    throw new VigieError(
      'training_set_changed',
      `the history gives other rows than version ${version} was trained on`,
      {
        rule: 'the pinned snapshots give the same rows at any later time',
        value: `sha256 ${hash.slice(0, 12)} of ${training.rows.keys.length} rows, was ${model.trainingRowsHash.slice(0, 12)} of ${model.trainingRows}`,
      },
    )
  }
  return {
    version,
    asOf: pins.asOf,
    rows: training.rows,
    label: recipeLabel(pins),
    weight: pins.weight?.name ?? null,
    rowsHash: hash,
    definition: model.definitionHash === project.hash ? 'same' : 'changed',
    knownAt: pins.knownAt,
  }
}
