import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import type { Frame } from '../domain/frame.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import { labelledRows, split } from './dataset.ts'
import { rowsFor } from './holdout-scores.ts'
import { rebuildTrainingSet } from './training-set.ts'

export interface ExplainedRows {
  readonly asOf: AsOf
  /** Labelled, in the features of the version, and none of them held out. */
  readonly rows: Frame & { readonly label: Float64Array }
  /** Whether the version was trained on them; null when nobody kept what it was trained on. */
  readonly trainedOn: boolean | null
}

/**
 * The rows that a version is explained on: those that it was trained on, or those of another date that are not held out.
 * Of a version that was not trained here the newest date is taken.
 *
 * @throws what `rebuildTrainingSet` and `rowsFor` throw; `too_few_rows` when a date has no labelled row
 */
export async function rowsToExplain(
  ports: Ports,
  project: Project,
  model: ModelVersion,
  asOf: AsOf | null,
): Promise<ExplainedRows> {
  if (model.trainingSet && (asOf === null || asOf === model.trainingSet.asOf)) {
    const { rows, asOf: date } = await rebuildTrainingSet(ports, project, model.version)
    return { asOf: date, rows, trainedOn: true }
  }
  const date = asOf ?? (await ports.snapshots.list()).at(-1)?.asOf
  if (date === undefined) {
    throw new VigieError('snapshot_missing', 'there is no snapshot yet', {
      rule: 'a version is explained on rows that were delivered',
    })
  }
  const { training } = split(await labelledRows(ports, project, date), project.model.holdout)
  if (training.rows.keys.length === 0) {
    throw new VigieError('too_few_rows', `${date} has no row with a label that is decided and not held out`, {
      rule: 'a version is explained on labelled rows',
      value: '0',
    })
  }
  const { label } = training.rows
  return {
    asOf: date,
    rows: { ...(await rowsFor(ports, project, model, training)), label },
    trainedOn: model.trainingSet ? false : null,
  }
}
