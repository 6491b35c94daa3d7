import type { FeatureSpec } from '../domain/feature-spec.ts'
import { classNames, type Target } from '../domain/model/target.ts'
import { metricsFor } from '../domain/policy.ts'
import type { ClassWeight, GradientBoosting, PlainTrainer, Trainer } from '../domain/trainer.ts'
import { checkSpace } from './check-space.ts'
import { invalid } from './invalid.ts'

/**
 * The trainer, whose parameters are checked against the features that it will read and against what the label asks.
 * Throws `definition_invalid`.
 */
export function checkTrainer(trainer: Trainer, features: FeatureSpec, target: Target): Trainer {
  switch (trainer.kind) {
    case 'calibrated':
      if (target.kind === 'number') {
        invalid('probabilities are calibrated', 'calibrated() has a label that is a number', trainer.method)
      }
      if (trainer.method !== 'isotonic' && trainer.method !== 'platt') {
        wrong(trainer.kind, 'method', trainer.method, 'is isotonic or platt')
      }
      whole(trainer.kind, 'folds', trainer.folds, 2, 100)
      checkTrainer(trainer.trainer, features, target)
      break
    case 'tuned': {
      const { candidates, trials, metric } = trainer
      if (candidates.length === 0) invalid('tuned() chooses among trainers', 'tuned([]) has none', '[]')
      whole(trainer.kind, 'folds', trainer.folds, 2, 100)
      whole(trainer.kind, 'trials', trials, candidates.length, 10_000)
      whole(trainer.kind, 'seed', trainer.seed, 0, 0xffff_ffff)
      const metrics = metricsFor(target)
      if (metric !== null && !metrics.includes(metric)) {
        wrong(trainer.kind, 'metric', metric, `is one of ${metrics.join(', ')}`)
      }
      for (const candidate of candidates) {
        checkTrainer(candidate.trainer, features, target)
        checkSpace(candidate, (drawn) => checkPlain(drawn, features, target))
      }
      break
    }
    default:
      checkPlain(trainer, features, target)
  }
  return trainer
}

function checkPlain(trainer: PlainTrainer, features: FeatureSpec, target: Target): void {
  const { kind } = trainer
  switch (kind) {
    case 'randomForest':
      whole(kind, 'trees', trainer.trees, 1, 10_000)
      whole(kind, 'minSamplesLeaf', trainer.minSamplesLeaf, 1, 1_000_000)
      whole(kind, 'seed', trainer.seed, 0, 0xffff_ffff)
      if (trainer.maxDepth !== null) whole(kind, 'maxDepth', trainer.maxDepth, 1, 1000)
      if (trainer.maxFeatures !== 'sqrt' && trainer.maxFeatures !== 'all') {
        whole(kind, 'maxFeatures', trainer.maxFeatures, 1, 65_535)
      }
      break
    case 'gradientBoosting':
      checkBoosting(trainer, features)
      break
    case 'logisticRegression':
    case 'linearRegression': {
      const { l2, maxIterations, tolerance } = trainer
      if (kind === 'logisticRegression' ? target.kind === 'number' : target.kind !== 'number') {
        invalid(
          'logisticRegression is for classes and linearRegression for numbers',
          `${kind}() has a label of ${target.kind === 'number' ? 'numbers' : 'classes'}`,
          kind,
        )
      }
      // Without a penalty classes that can be told apart have no best coefficients.
      const legal = kind === 'linearRegression' ? l2 >= 0 : l2 > 0
      if (!(legal && l2 <= 1e12))
        wrong(kind, 'l2', l2, `is ${kind === 'linearRegression' ? 'at least' : 'above'} 0 and at most 1e12`)
      whole(kind, 'maxIterations', maxIterations, 1, 100_000)
      if (!(tolerance >= 1e-12 && tolerance <= 0.01)) wrong(kind, 'tolerance', tolerance, 'is from 1e-12 to 0.01')
    }
  }
  if ('classWeight' in trainer) checkClassWeight(kind, trainer.classWeight, target)
}

function checkBoosting(trainer: GradientBoosting, features: FeatureSpec): void {
  const { kind, l2, earlyStopping, monotone } = trainer
  whole(kind, 'rounds', trainer.rounds, 1, 10_000)
  whole(kind, 'leaves', trainer.leaves, 2, 1024)
  whole(kind, 'minSamplesLeaf', trainer.minSamplesLeaf, 1, 1_000_000)
  whole(kind, 'seed', trainer.seed, 0, 0xffff_ffff)
  portion(kind, 'learningRate', trainer.learningRate)
  portion(kind, 'rowFraction', trainer.rowFraction)
  portion(kind, 'columnFraction', trainer.columnFraction)
  if (!(l2 >= 0 && l2 <= 1e6)) wrong(kind, 'l2', l2, 'lies between 0 and 1000000')
  if (earlyStopping) {
    whole(kind, 'earlyStopping.rounds', earlyStopping.rounds, 1, 10_000)
    const { fraction } = earlyStopping
    if (!(fraction > 0 && fraction <= 0.5)) {
      wrong(kind, 'earlyStopping.fraction', fraction, 'is above 0 and at most 0.5')
    }
  }
  for (const [name, way] of Object.entries(monotone)) {
    const feature = features.find((column) => column.name === name)
    if (!feature) wrong(kind, 'monotone', name, 'names features of the model')
    if (feature.type === 'category') wrong(kind, 'monotone', name, 'names features that have an order, not categories')
    if (way !== 'increasing' && way !== 'decreasing') {
      wrong(kind, `monotone["${name}"]`, way, 'is increasing or decreasing')
    }
  }
}

function checkClassWeight(kind: string, classWeight: ClassWeight, target: Target): void {
  if (classWeight === 'none') return
  if (target.kind === 'number') wrong(kind, 'classWeight', String(classWeight), 'is none where the label is a number')
  if (classWeight === 'balanced') return
  const classes = classNames(target)
  for (const [name, weight] of Object.entries(classWeight)) {
    if (!classes.includes(name)) wrong(kind, 'classWeight', name, `names classes of the label: ${classes.join(', ')}`)
    if (!(weight >= 1e-6 && weight <= 1e6)) wrong(kind, `classWeight["${name}"]`, weight, 'is from 0.000001 to 1000000')
  }
}

function whole(kind: string, name: string, value: number, low: number, high: number): void {
  if (Number.isSafeInteger(value) && value >= low && value <= high) return
  wrong(kind, name, value, `is a whole number from ${low} to ${high}`)
}

function portion(kind: string, name: string, value: number): void {
  if (!(value > 0 && value <= 1)) wrong(kind, name, value, 'is above 0 and at most 1')
}

function wrong(kind: string, name: string, value: number | string, rule: string): never {
  invalid(`${name} ${rule}`, `${kind}({ ${name}: ${value} })`, String(value))
}
