import type { FeatureColumn, FeatureSpec } from '../domain/feature-spec.ts'
import { artefactSteps } from '../domain/model/artefact.ts'
import { type Model, scoreRow } from '../domain/model/model.ts'
import { outputWidth, type Target, TRUE_OR_FALSE } from '../domain/model/target.ts'
import { VigieError } from '../errors.ts'
import type { GraphModel, GraphRuntime, OpenGraph } from '../ports/graph-runtime.ts'

/** A model that is ready to score one row. */
export interface ScoringModel {
  /** As its artefact holds it. */
  readonly model: Model
  /** Order in which `answers` reads its values. */
  readonly features: FeatureSpec
  readonly target: Target
  /** Class 1 when the probability is above it; null when the target is not binary. */
  readonly threshold: number | null
  /**
   * What it answers for one row: float64 in the order of `features`, NaN for null. The probability of class 1, of each
   * class, or the number, in an array that the next call writes to again. Not of a graph.
   */
  readonly answers: (values: Float64Array) => Float64Array
  /** The same of a graph, by its runtime. Null: `answers` has them at once. */
  readonly later: ((values: Float64Array) => Promise<Float64Array>) | null
  /** Lets go of what a graph holds, when what was asked has been answered. */
  close(): Promise<void>
}

/**
 * A model from the bytes of its artefact. Reading a large one takes long, so it calls `pause` between its short steps
 * and goes on when that resolves. Throws `artefact_invalid`, and for a graph what `graphs` throws.
 */
export async function scoringModel(
  artefact: Uint8Array,
  pause: () => Promise<void>,
  graphs?: GraphRuntime,
): Promise<ScoringModel> {
  const steps = artefactSteps(artefact)
  let step = steps.next()
  while (!step.done) {
    await pause()
    step = steps.next()
  }
  const model = step.value
  const { header, body } = model
  const graph = body.kind === 'graph' ? await opened(graphs, { ...header, graph: body.graph }) : null
  const out = new Float64Array(outputWidth(header.target))
  return {
    model,
    features: header.features,
    target: header.target,
    threshold: header.threshold,
    answers: (values) => {
      scoreRow(model, values, out)
      return out
    },
    later:
      graph &&
      ((values) =>
        graph.answers(
          Array.from(values, (value) => Float64Array.of(value)),
          1,
        )),
    close: async () => graph?.close(),
  }
}

function opened(graphs: GraphRuntime | undefined, model: GraphModel): Promise<OpenGraph> {
  if (graphs) return graphs.open(model)
  throw new VigieError('model_runtime_missing', 'nothing here computes ONNX graphs', {
    rule: 'a model that is an ONNX graph is computed by a runtime',
    value: 'none',
  })
}

/** What a model of a boolean label says. */
export interface BooleanPrediction {
  readonly predicted: 0 | 1
  /** Of class 1. */
  readonly probability: number
}

/** What a model of a label with named classes says. */
export interface ClassPrediction {
  readonly predicted: string
  /** By class; they add up to 1. */
  readonly probabilities: Readonly<Record<string, number>>
}

/** What a model of a number says. */
export interface NumberPrediction {
  readonly predicted: number
}

export type Prediction = BooleanPrediction | ClassPrediction | NumberPrediction

export type FeatureValue = number | boolean | string | null

/**
 * Scores one row. Of several classes the likeliest is predicted, the first of equals; of two the second when its
 * probability is above the threshold. A probability that is none (NaN, or outside 0 to 1), or a number that is not
 * finite, is never shown to a caller: throws `model_invalid_output`.
 */
export function predict(
  { target, threshold, answers }: Pick<ScoringModel, 'target' | 'threshold' | 'answers'>,
  values: Float64Array,
): Prediction {
  const given = answers(values)
  if (target.kind === 'number') return { predicted: checked(given[0]!, -Number.MAX_VALUE, Number.MAX_VALUE) }
  for (const probability of given) checked(probability, 0, 1)
  if (target.kind === 'classes') return named(target.classes, indexOfGreatest(given), given)
  const probability = given[0]!
  const predicted = probability > (threshold ?? 0.5) ? 1 : 0
  if (isBoolean(target.classes)) return { probability, predicted }
  return named(target.classes, predicted, [1 - probability, probability])
}

/** `predict`, at once where the model can; a promise of it for a graph. */
export function predictSoon(model: ScoringModel, values: Float64Array): Prediction | Promise<Prediction> {
  if (model.later === null) return predict(model, values)
  return model.later(values).then((given) => predict({ ...model, answers: () => given }, values))
}

/**
 * Two rows that can always be asked: all zero, and all null where null may be. A model that fails on them never answers.
 */
export function rowsToTry({ header, body }: Model): readonly [Float64Array, Float64Array] {
  const nulls = header.features.map(({ optional }) => (optional || body.kind !== 'graph' ? Number.NaN : 0))
  return [new Float64Array(nulls.length), Float64Array.from(nulls)]
}

function checked(value: number, low: number, high: number): number {
  if (value >= low && value <= high) return value
  throw new VigieError('model_invalid_output', `the model answered ${value}`, {
    rule: high === 1 ? 'a probability lies between 0 and 1' : 'a number is finite',
    value: String(value),
  })
}

function named(classes: readonly string[], predicted: number, probabilities: ArrayLike<number>): ClassPrediction {
  return {
    predicted: classes[predicted]!,
    probabilities: Object.fromEntries(classes.map((name, k) => [name, probabilities[k]!])),
  }
}

function indexOfGreatest(values: Float64Array): number {
  let best = 0
  for (let k = 1; k < values.length; k++) if (values[k]! > values[best]!) best = k
  return best
}

function isBoolean(classes: readonly string[]): boolean {
  return classes === TRUE_OR_FALSE.classes || (classes[0] === 'false' && classes[1] === 'true')
}

/** Short names of the features that are null and may not be: with any of them the row is unfit for prediction. */
export function missingFeatures(features: FeatureSpec, values: Float64Array): string[] {
  const missing: string[] = []
  for (let i = 0; i < features.length; i++) {
    const column = features[i]!
    if (!column.optional && Number.isNaN(values[i])) missing.push(column.feature)
  }
  return missing
}

/** The row as people read it, by short name: the inverse of how a Frame holds values. */
export function readableValues(features: FeatureSpec, values: Float64Array): Record<string, FeatureValue> {
  const readable: Record<string, FeatureValue> = {}
  for (let i = 0; i < features.length; i++) {
    const column = features[i]!
    readable[column.feature] = readableValue(column, values[i]!)
  }
  return readable
}

function readableValue(column: FeatureColumn, value: number): FeatureValue {
  if (Number.isNaN(value)) return null
  if (column.type === 'boolean') return value === 1
  if (column.type === 'category') return column.categories![value]!
  return value
}
