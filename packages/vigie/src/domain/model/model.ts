import { VigieError } from '../../errors.ts'
import { type Calibration, calibrate } from '../calibration/calibration.ts'
import { type Linear, linearRow } from '../linear/linear.ts'
import type { Forest } from '../trees/packed.ts'
import { forestColumns, forestRow } from '../trees/score-forest.ts'
import type { ArtefactHeader } from './artefact-header.ts'
import type { Graph } from './graph.ts'
import { outputWidth } from './target.ts'

/** What computes the answer. */
export type Body =
  | { readonly kind: 'forest'; readonly forest: Forest }
  | { readonly kind: 'linear'; readonly linear: Linear }
  | { readonly kind: 'graph'; readonly graph: Graph }

/** A model of any kind, as an artefact holds it. */
export interface Model {
  readonly header: ArtefactHeader
  readonly body: Body
  /** What the probabilities of the body become; null: they are the answer. */
  readonly calibration: Calibration | null
}

/**
 * The answer for one row into `out`, which has `outputWidth` places: the probability of class 1, of each class, or the
 * number. `row` holds the features in the order of the header, NaN for null, categories as codes within the spec. A graph
 * is computed by its runtime and not here.
 */
export function scoreRow({ body, calibration }: Model, row: Float64Array, out: Float64Array): void {
  if (body.kind === 'forest') forestRow(body.forest, row, out)
  else if (body.kind === 'linear') linearRow(body.linear, row, out)
  else throw notHere()
  if (calibration !== null) calibrate(calibration, out)
}

/** `scoreRow` for every row of the columns, to the same bits: `outputWidth` numbers a row, row by row. */
export function scoreColumns(
  model: Omit<Model, 'header'> & { readonly header: Pick<ArtefactHeader, 'target'> },
  columns: readonly Float64Array[],
  rows: number,
): Float64Array {
  const { header, body, calibration } = model
  const width = outputWidth(header.target)
  if (body.kind === 'graph') throw notHere()
  if (body.kind === 'forest' && calibration === null) return forestColumns(body.forest, columns, rows)
  const scores = body.kind === 'forest' ? forestColumns(body.forest, columns, rows) : new Float64Array(rows * width)
  const row = new Float64Array(columns.length)
  const out = new Float64Array(width)
  for (let i = 0; i < rows; i++) {
    if (body.kind === 'linear') {
      for (let f = 0; f < columns.length; f++) row[f] = columns[f]![i]!
      linearRow(body.linear, row, out)
      scores.set(out, i * width)
    }
    if (calibration !== null) calibrate(calibration, scores, i * width, width)
  }
  return scores
}

function notHere(): VigieError {
  return new VigieError('internal', 'a graph is computed by its runtime')
}
