import type { FeatureColumn, FeatureSpec } from '../domain/feature-spec.ts'
import { artefactSteps } from '../domain/model/artefact.ts'
import { type Model, scoreRow } from '../domain/model/model.ts'
import { VigieError } from '../errors.ts'

/** A model that is ready to score one row. */
export interface ScoringModel {
  /** As its artefact holds it. */
  readonly model: Model
  /** Order in which `probability` reads its values. */
  readonly features: FeatureSpec
  /** Class 1 when the probability is above it. */
  readonly threshold: number
  /** Probability of class 1 for one row: float64 in the order of `features`, NaN for null. */
  readonly probability: (values: Float64Array) => number
}

/**
 * A model from the bytes of its artefact. Reading a large one takes long, so it calls `pause` between its short steps
 * and goes on when that resolves. Throws `artefact_invalid`.
 */
export async function scoringModel(artefact: Uint8Array, pause: () => Promise<void>): Promise<ScoringModel> {
  const steps = artefactSteps(artefact)
  let step = steps.next()
  while (!step.done) {
    await pause()
    step = steps.next()
  }
  const model = step.value
  const { header } = model
  const out = new Float64Array(1)
  return {
    model,
    features: header.features,
    threshold: header.threshold ?? 0.5,
    probability: (values) => {
      scoreRow(model, values, out)
      return out[0]!
    },
  }
}

export interface Prediction {
  readonly probability: number
  readonly predicted: 0 | 1
}

export type FeatureValue = number | boolean | string | null

/**
 * Scores one row. A probability that is none (NaN, or outside 0 to 1) is never shown to a caller: throws
 * `model_invalid_output`.
 */
export function predict(model: Omit<ScoringModel, 'model'>, values: Float64Array): Prediction {
  const probability = model.probability(values)
  if (!(probability >= 0 && probability <= 1)) {
    throw new VigieError('model_invalid_output', `the model answered ${probability}`, {
      rule: 'a probability lies between 0 and 1',
      value: String(probability),
    })
  }
  return { probability, predicted: probability > model.threshold ? 1 : 0 }
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
