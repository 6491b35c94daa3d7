import { isRecord, isText, sameFields } from './legal-feature.ts'
import type { GradientBoosting, RandomForest, Trainer } from './trainer.ts'
import { FEATURE_MASK, MAX_NODES } from './trees/packed.ts'

const FOREST_FIELDS = ['classWeight', 'kind', 'maxDepth', 'maxFeatures', 'minSamplesLeaf', 'seed', 'trees']
const BOOSTING_FIELDS = [
  'classWeight',
  'columnFraction',
  'earlyStopping',
  'kind',
  'l2',
  'learningRate',
  'leaves',
  'minSamplesLeaf',
  'monotone',
  'rounds',
  'rowFraction',
  'seed',
]

/** True for a well-formed trainer, whatever came out of a file. */
export function isLegalTrainer(value: unknown): value is Trainer {
  return isForest(value) || isBoosting(value)
}

function isForest(value: unknown): value is RandomForest {
  return (
    isRecord(value) &&
    sameFields(value, FOREST_FIELDS) &&
    value.kind === 'randomForest' &&
    isWhole(value.trees, 1, MAX_NODES) &&
    (value.maxFeatures === 'sqrt' || value.maxFeatures === 'all' || isWhole(value.maxFeatures, 1, FEATURE_MASK)) &&
    (value.maxDepth === null || isWhole(value.maxDepth, 1, Number.MAX_SAFE_INTEGER)) &&
    hasCommonFields(value)
  )
}

function isBoosting(value: unknown): value is GradientBoosting {
  return (
    isRecord(value) &&
    sameFields(value, BOOSTING_FIELDS) &&
    value.kind === 'gradientBoosting' &&
    isWhole(value.rounds, 1, MAX_NODES) &&
    isWhole(value.leaves, 2, MAX_NODES) &&
    isPortion(value.learningRate) &&
    isPortion(value.rowFraction) &&
    isPortion(value.columnFraction) &&
    typeof value.l2 === 'number' &&
    value.l2 >= 0 &&
    isEarlyStopping(value.earlyStopping) &&
    isRecord(value.monotone) &&
    Object.entries(value.monotone).every(
      ([name, way]) => isText(name) && (way === 'increasing' || way === 'decreasing'),
    ) &&
    hasCommonFields(value)
  )
}

function hasCommonFields({ classWeight, minSamplesLeaf, seed }: Record<string, unknown>): boolean {
  return (
    (classWeight === 'balanced' || classWeight === 'none') &&
    isWhole(minSamplesLeaf, 1, Number.MAX_SAFE_INTEGER) &&
    isWhole(seed, 0, 0xffff_ffff)
  )
}

function isEarlyStopping(value: unknown): boolean {
  if (value === null) return true
  if (!(isRecord(value) && sameFields(value, ['fraction', 'rounds']) && isWhole(value.rounds, 1, MAX_NODES)))
    return false
  return isPortion(value.fraction) && value.fraction < 1
}

/** Above 0 and at most 1. */
function isPortion(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= 1
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
}
