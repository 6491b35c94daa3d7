import { type Explainer, explainerOf, type Space } from '../domain/explain/explain-model.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import { type Model, scoreRow } from '../domain/model/model.ts'
import { outputWidth } from '../domain/model/target.ts'
import { type FeatureValue, readableValues } from './predict.ts'

/** What one feature did to one answer. */
export interface Contribution {
  readonly feature: string
  /** Its value as people read it. */
  readonly value: FeatureValue
  /** What it moved the score by, in the space of the explanation. */
  readonly contribution: number
}

/** Why a model says what it says of one row. The base and all contributions add up to the score. */
export interface RowExplanation {
  /**
   * What is told: log-odds (boosted trees, logistic regression), the probability (random forests), or the number that is
   * answered. Of several classes it is that of the class that is answered, up to a constant when it is log-odds.
   */
  readonly space: Space
  /** The class whose score is told; null when the answer is a number. */
  readonly class: string | null
  /** The mean of the score over the training rows. */
  readonly base: number
  readonly score: number
  /** True when the answer is calibrated: told is the score from which the calibrated probability follows. */
  readonly beforeCalibration: boolean
  /** Largest first, whichever way. All features of the model. */
  readonly contributions: readonly Contribution[]
}

/** Milliseconds that an explanation takes before other work gets its turn. */
const TURN_MS = 2

const explainers = new WeakMap<Model, Explainer>()

/** The explainer of a model, made when it is first asked for: it takes 12 bytes a node. */
export function explainerFor(model: Model): Explainer {
  const known = explainers.get(model)
  if (known) return known
  const made = explainerOf(model)
  explainers.set(model, made)
  return made
}

/**
 * Explains one row, in the order of the model, in short turns: `pause` resolves when it may go on. `columns` and `shown`
 * are the row as the definition has it. Throws `explanation_unavailable`.
 */
export async function explainRow(
  model: Model,
  row: Float64Array,
  { columns, shown }: { readonly columns: FeatureSpec; readonly shown: Float64Array },
  pause: () => Promise<unknown>,
): Promise<RowExplanation> {
  const explainer = explainerFor(model)
  const width = model.header.features.length
  const phi = new Float64Array(explainer.outputs * width)
  let turn = performance.now()
  for (const _ of explainer.explain(row, phi)) {
    if (performance.now() - turn < TURN_MS) continue
    await pause()
    turn = performance.now()
  }
  const output = answered(model, row)
  const { target } = model.header
  const base = explainer.bases()[explainer.outputs === 1 ? 0 : output]!
  const own = explainer.outputs === 1 ? phi : phi.subarray(output * width, (output + 1) * width)
  const values = readableValues(columns, shown)
  const contributions = columns.map(({ feature }, f) => ({ feature, value: values[feature]!, contribution: own[f]! }))
  return {
    space: explainer.space,
    class: target.kind === 'number' ? null : target.kind === 'binary' ? target.classes[1] : target.classes[output]!,
    base,
    score: own.reduce((sum, part) => sum + part, base),
    beforeCalibration: explainer.beforeCalibration,
    contributions: contributions.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  }
}

/** Of several classes the likeliest; 0 otherwise. */
function answered(model: Model, row: Float64Array): number {
  const answer = new Float64Array(outputWidth(model.header.target))
  scoreRow(model, row, answer)
  return answer.indexOf(Math.max(...answer))
}
