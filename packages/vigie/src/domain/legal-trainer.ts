import { isRecord, isText, sameFields } from './legal-feature.ts'
import { METRICS, type MetricName } from './policy.ts'
import type { Trainer } from './trainer.ts'
import type { PlainTrainer } from './trainers/plain.ts'
import { FEATURE_MASK, MAX_NODES } from './trees/packed.ts'

type Test = (value: unknown) => boolean

/** Legal values of each parameter of the trainers that contain no other: one that is missing does not compile. */
const PLAIN: {
  readonly [K in PlainTrainer['kind']]: {
    readonly [P in Exclude<keyof Extract<PlainTrainer, { readonly kind: K }>, 'kind'>]: Test
  }
} = {
  randomForest: {
    trees: whole(1, MAX_NODES),
    maxFeatures: (value) => value === 'sqrt' || value === 'all' || whole(1, FEATURE_MASK)(value),
    classWeight: isClassWeight,
    minSamplesLeaf: whole(1),
    maxDepth: (value) => value === null || whole(1)(value),
    seed: whole(0, 0xffff_ffff),
  },
  gradientBoosting: {
    rounds: whole(1, MAX_NODES),
    learningRate: isPortion,
    leaves: whole(2, MAX_NODES),
    minSamplesLeaf: whole(1),
    l2: isAtLeast0,
    rowFraction: isPortion,
    columnFraction: isPortion,
    earlyStopping: isEarlyStopping,
    monotone: isMonotone,
    classWeight: isClassWeight,
    seed: whole(0, 0xffff_ffff),
  },
  logisticRegression: {
    l2: isAtLeast0,
    maxIterations: whole(1),
    tolerance: isAbove0,
    classWeight: isClassWeight,
  },
  linearRegression: { l2: isAtLeast0, maxIterations: whole(1), tolerance: isAbove0 },
}

/** Parameters of a plain trainer, by name, sorted. Empty for none that is known. */
export function parametersOf(kind: unknown): readonly string[] {
  return isText(kind) && Object.hasOwn(PLAIN, kind) ? Object.keys(PLAIN[kind as PlainTrainer['kind']]).sort() : []
}

/** True for a well-formed trainer, whatever came out of a file. */
export function isLegalTrainer(value: unknown): value is Trainer {
  return isPlain(value) || isTuned(value) || isCalibrated(value)
}

function isPlain(value: unknown): value is PlainTrainer {
  if (!isRecord(value)) return false
  const parameters = parametersOf(value.kind)
  if (parameters.length === 0 || !sameFields(value, ['kind', ...parameters].sort())) return false
  const tests: Readonly<Record<string, Test>> = PLAIN[value.kind as PlainTrainer['kind']]
  return parameters.every((name) => tests[name]!(value[name]))
}

function isCalibrated(value: unknown): boolean {
  return (
    isRecord(value) &&
    sameFields(value, ['folds', 'kind', 'method', 'trainer']) &&
    value.kind === 'calibrated' &&
    (value.method === 'isotonic' || value.method === 'platt') &&
    isFolds(value.folds) &&
    (isPlain(value.trainer) || isTuned(value.trainer))
  )
}

function isTuned(value: unknown): boolean {
  return (
    isRecord(value) &&
    sameFields(value, ['candidates', 'folds', 'found', 'kind', 'metric', 'seed', 'trials']) &&
    value.kind === 'tuned' &&
    isFolds(value.folds) &&
    whole(1, 10_000)(value.trials) &&
    whole(0, 0xffff_ffff)(value.seed) &&
    (value.metric === null || isMetric(value.metric)) &&
    Array.isArray(value.candidates) &&
    value.candidates.length > 0 &&
    value.candidates.every(isCandidate) &&
    (value.found === null || isFound(value.found, value.candidates.length))
  )
}

function isCandidate(value: unknown): boolean {
  if (!(isRecord(value) && sameFields(value, ['space', 'trainer']) && isPlain(value.trainer))) return false
  const names = parametersOf(value.trainer.kind)
  return (
    isRecord(value.space) &&
    Object.entries(value.space).every(([name, choice]) => names.includes(name) && isChoice(choice))
  )
}

function isChoice(value: unknown): boolean {
  if (!isRecord(value)) return false
  if (value.kind === 'oneOf') return sameFields(value, ['kind', 'values']) && Array.isArray(value.values)
  return (
    (value.kind === 'between' || value.kind === 'wholeBetween') &&
    sameFields(value, ['high', 'kind', 'low', 'scale']) &&
    Number.isFinite(value.low) &&
    Number.isFinite(value.high) &&
    (value.scale === 'linear' || value.scale === 'log')
  )
}

function isFound(value: unknown, candidates: number): boolean {
  return (
    isRecord(value) &&
    sameFields(value, ['chosen', 'metric', 'trainer', 'trials']) &&
    isPlain(value.trainer) &&
    isMetric(value.metric) &&
    Array.isArray(value.trials) &&
    whole(0, value.trials.length - 1)(value.chosen) &&
    value.trials.every(
      (trial) =>
        isRecord(trial) &&
        sameFields(trial, ['candidate', 'folds', 'parameters']) &&
        whole(0, candidates - 1)(trial.candidate) &&
        isRecord(trial.parameters) &&
        Array.isArray(trial.folds) &&
        trial.folds.every(Number.isFinite),
    )
  )
}

function isMetric(value: unknown): value is MetricName {
  return (METRICS as readonly unknown[]).includes(value)
}

function isFolds(value: unknown): boolean {
  return whole(2, 100)(value)
}

function isClassWeight(value: unknown): boolean {
  if (value === 'balanced' || value === 'none') return true
  return isRecord(value) && Object.values(value).every(isAbove0)
}

function isMonotone(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((way) => way === 'increasing' || way === 'decreasing')
}

function isEarlyStopping(value: unknown): boolean {
  if (value === null) return true
  if (!(isRecord(value) && sameFields(value, ['fraction', 'rounds']) && whole(1, MAX_NODES)(value.rounds))) return false
  return isPortion(value.fraction) && value.fraction !== 1
}

/** Above 0 and at most 1. */
function isPortion(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= 1
}

function isAbove0(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY
}

function isAtLeast0(value: unknown): boolean {
  return value === 0 || isAbove0(value)
}

function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): Test {
  return (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
}
