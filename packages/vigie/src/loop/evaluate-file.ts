import { oneRowEach } from '../domain/entities.ts'
import { reliability } from '../domain/evaluation/evaluation-curves.ts'
import { type SaidOfLabels, type TakenLabels, takeLabels } from '../domain/evaluation/labels.ts'
import { type Skipped, skippedForScale } from '../domain/evaluation/metric-intervals.ts'
import type { PredictionColumns, Predictions } from '../domain/evaluation/predictions.ts'
import { slicesOf } from '../domain/evaluation/slices.ts'
import type { Answers } from '../domain/metrics/answers.ts'
import { VigieError } from '../errors.ts'
import type { Compute } from '../ports/compute.ts'
import type { Evaluated, EvaluatedSlice, EvaluationReport } from '../report/evaluation/model.ts'

export interface EvaluationRequest extends SaidOfLabels {
  /** Name of the file, to be shown. */
  readonly file: string
  readonly columns: PredictionColumns
  /** Null when none was given: 0.5. */
  readonly threshold: number | null
  /** Whether the curves are drawn, which a page needs and a document does not. */
  readonly curves: boolean
  readonly generatedBy: string
}

/** The answers of one model or two on the same rows. */
interface Scored {
  readonly score: Answers
  readonly against: Answers | null
  readonly entities: Int32Array
  readonly skipped: Skipped
}

/** How far the probabilities of a row's classes may be from 1 in sum: they may have been written as float32. */
const SUM_TOLERANCE = 1e-3

/**
 * Evaluates a file of predictions: every metric with its interval, of one model or of two with the gain, over all rows and
 * by slice. Needs no project. The numbers are made in worker threads.
 *
 * @throws `label_unclear`, `metric_undefined` when all rows are of one class, `out_of_range` for probabilities of classes
 *   that are none
 */
export async function evaluateFile(
  compute: Compute,
  predictions: Predictions,
  request: EvaluationRequest,
): Promise<EvaluationReport> {
  const { columns, threshold } = request
  const labels = takeLabels(predictions.labels, columns.score, request)
  const { all, taken } = scoredRows(predictions, labels, request)
  refuseOneClass(all.score, labels)
  const parts = columns.slices.map((_, i) => slicesOf(predictions.slices[i]!))
  const [whole, curves, ...ofSlices] = await Promise.all([
    evaluated(compute, all),
    request.curves ? compute.run('evaluationCurves', { score: all.score, against: all.against }) : null,
    ...parts.flatMap(({ slices }) =>
      slices.map(async ({ column, value, rows }): Promise<EvaluatedSlice> => {
        return { column, value, ...(await evaluated(compute, partOf(all, rows))) }
      }),
    ),
  ])
  const left = parts.flatMap(({ left: count }, i) =>
    count > 0 ? [`${count} rarer values of "${columns.slices[i]}" are no slices`] : [],
  )
  return {
    file: request.file,
    task: labels.kind,
    columns: {
      label: columns.label,
      score: columns.score,
      against: columns.against,
      weight: columns.weight,
      entity: columns.entity,
    },
    classes: labels.classes,
    threshold: labels.kind === 'binary' ? (threshold ?? 0.5) : null,
    entities: new Set(all.entities).size,
    taken: [...taken, ...left],
    ...whole,
    ...(columns.slices.length > 0 ? { slices: ofSlices } : {}),
    ...(labels.kind === 'binary' ? { reliability: reliability(all.score) } : {}),
    curves,
    generatedBy: request.generatedBy,
  }
}

function scoredRows(
  predictions: Predictions,
  { kind, y, taken: ofLabels }: TakenLabels,
  { file, columns, threshold }: EvaluationRequest,
): { readonly all: Scored; readonly taken: readonly string[] } {
  const answers = (scores: Float64Array): Answers => ({
    kind,
    y,
    scores,
    weights: predictions.weights,
    ...(kind === 'binary' ? { threshold: threshold ?? 0.5 } : {}),
  })
  const score = answers(rowMajor(file, predictions.score, columns.score))
  const against = columns.against.length > 0 ? answers(rowMajor(file, predictions.against, columns.against)) : null
  const skipped = {
    ...skippedForScale(score, threshold !== null),
    ...(against ? skippedForScale(against, threshold !== null) : {}),
  }
  const taken = [
    `labels of "${columns.label}": ${ofLabels}`,
    ...(kind === 'binary' && threshold === null ? ['threshold: class 1 is a score above 0.5'] : []),
    ...(columns.entity === null ? ['every row stands for itself: --entity says which rows belong together'] : []),
    ...(Object.keys(skipped).length > 0 ? [`${Object.values(skipped)[0]}: only their order is judged`] : []),
  ]
  const entities = predictions.entities ?? oneRowEach(predictions.rows)
  return { all: { score, against, entities, skipped }, taken }
}

/** Columns side by side; those of several classes are probabilities that make 1 in each row. */
function rowMajor(file: string, columns: readonly Float64Array[], names: readonly string[]): Float64Array {
  if (columns.length === 1) return columns[0]!
  const rows = columns[0]!.length
  const width = columns.length
  const scores = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let k = 0; k < width; k++) {
      const p = columns[k]![row]!
      if (p < 0 || p > 1) notProbable(file, row, names[k]!, `${p} lies outside 0 to 1`)
      scores[row * width + k] = p
      sum += p
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE) notProbable(file, row, names.join(','), `they make ${sum}`)
  }
  return scores
}

function notProbable(file: string, row: number, column: string, value: string): never {
  throw new VigieError('out_of_range', `${file} row ${row + 1}: probabilities of "${column}": ${value}`, {
    rule: 'the probabilities of a row lie between 0 and 1 and make 1',
    value,
    file,
    row: row + 1,
    column,
    hint: 'Give the probability of every class, one column each.',
  })
}

function refuseOneClass({ kind, y, weights }: Answers, { classes }: TakenLabels): void {
  if (kind === 'number') return
  const counting = weights ? y.filter((_, row) => weights[row]! > 0) : y
  const seen = new Set(counting)
  if (seen.size >= 2) return
  const only = [...seen].map((label) => `"${classes[label]}"`).join()
  throw new VigieError(
    'metric_undefined',
    `all ${y.length} rows are of the class ${only}: there is nothing to tell apart`,
    {
      rule: 'an evaluation needs rows of at least two classes',
      value: only,
      hint: 'Evaluate a file with rows of both, and see that --label names the outcome.',
    },
  )
}

async function evaluated(compute: Compute, { score, against, entities, skipped }: Scored): Promise<Evaluated> {
  const [metrics, other, paired] = await Promise.all([
    compute.run('metricIntervals', { answers: score, entities, skipped }),
    against ? compute.run('metricIntervals', { answers: against, entities, skipped }) : null,
    against ? compute.run('pairedIntervals', { score, against, entities, skipped }) : null,
  ])
  const { kind, y } = score
  return {
    rows: y.length,
    positives: kind === 'binary' ? y.reduce((sum, label) => sum + label, 0) : null,
    metrics,
    ...(other ? { against: { metrics: other } } : {}),
    ...(paired ? { paired } : {}),
  }
}

function partOf({ score, against, entities, skipped }: Scored, rows: Int32Array): Scored {
  const renumbered = new Map<number, number>()
  const ofPart = Int32Array.from(rows, (row) => {
    const entity = entities[row]!
    if (!renumbered.has(entity)) renumbered.set(entity, renumbered.size)
    return renumbered.get(entity)!
  })
  return { score: rowsOf(score, rows), against: against && rowsOf(against, rows), entities: ofPart, skipped }
}

function rowsOf(answers: Answers, rows: Int32Array): Answers {
  const width = answers.scores.length / answers.y.length
  const scores = new Float64Array(rows.length * width)
  for (let i = 0; i < rows.length; i++) {
    for (let k = 0; k < width; k++) scores[i * width + k] = answers.scores[rows[i]! * width + k]!
  }
  const { weights } = answers
  return {
    ...answers,
    y: Float64Array.from(rows, (row) => answers.y[row]!),
    scores,
    weights: weights ? Float64Array.from(rows, (row) => weights[row]!) : null,
  }
}
