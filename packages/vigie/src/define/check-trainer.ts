import type { FeatureSpec } from '../domain/feature-spec.ts'
import type { GradientBoosting, RandomForest, Trainer } from '../domain/trainer.ts'
import { invalid } from './invalid.ts'

/** The trainer, whose parameters are checked against the features that it will read. Throws `definition_invalid`. */
export function checkTrainer(trainer: Trainer, features: FeatureSpec): Trainer {
  if (trainer.kind === 'gradientBoosting') checkBoosting(trainer, features)
  else checkForest(trainer)
  return trainer
}

function checkForest(trainer: RandomForest): void {
  whole(trainer, 'trees', trainer.trees, 1, 10_000)
  whole(trainer, 'minSamplesLeaf', trainer.minSamplesLeaf, 1, 1_000_000)
  whole(trainer, 'seed', trainer.seed, 0, 0xffff_ffff)
  if (trainer.maxDepth !== null) whole(trainer, 'maxDepth', trainer.maxDepth, 1, 1000)
  if (typeof trainer.maxFeatures === 'number') whole(trainer, 'maxFeatures', trainer.maxFeatures, 1, 65_535)
}

function checkBoosting(trainer: GradientBoosting, features: FeatureSpec): void {
  whole(trainer, 'rounds', trainer.rounds, 1, 10_000)
  whole(trainer, 'leaves', trainer.leaves, 2, 1024)
  whole(trainer, 'minSamplesLeaf', trainer.minSamplesLeaf, 1, 1_000_000)
  whole(trainer, 'seed', trainer.seed, 0, 0xffff_ffff)
  portion(trainer, 'learningRate', trainer.learningRate)
  portion(trainer, 'rowFraction', trainer.rowFraction)
  portion(trainer, 'columnFraction', trainer.columnFraction)
  const { l2, earlyStopping, monotone } = trainer
  if (!(l2 >= 0 && l2 <= 1e6)) wrong(trainer, 'l2', l2, 'lies between 0 and 1000000')
  if (earlyStopping) {
    whole(trainer, 'earlyStopping.rounds', earlyStopping.rounds, 1, 10_000)
    const { fraction } = earlyStopping
    if (!(fraction > 0 && fraction <= 0.5)) {
      wrong(trainer, 'earlyStopping.fraction', fraction, 'is above 0 and at most 0.5')
    }
  }
  for (const [name, way] of Object.entries(monotone)) {
    const feature = features.find((column) => column.name === name)
    if (!feature) wrong(trainer, 'monotone', name, 'names features of the model')
    if (feature.type === 'category')
      wrong(trainer, 'monotone', name, 'names features that have an order, not categories')
    if (way !== 'increasing' && way !== 'decreasing')
      wrong(trainer, `monotone["${name}"]`, way, 'is increasing or decreasing')
  }
}

function whole(trainer: Trainer, name: string, value: number, low: number, high: number): void {
  if (Number.isSafeInteger(value) && value >= low && value <= high) return
  wrong(trainer, name, value, `is a whole number from ${low} to ${high}`)
}

function portion(trainer: Trainer, name: string, value: number): void {
  if (!(value > 0 && value <= 1)) wrong(trainer, name, value, 'is above 0 and at most 1')
}

function wrong(trainer: Trainer, name: string, value: number | string, rule: string): never {
  invalid(`${name} ${rule}`, `${trainer.kind}({ ${name}: ${value} })`, String(value))
}
