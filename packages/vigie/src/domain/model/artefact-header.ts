import { type CalibrationShape, isCalibrationShape } from '../calibration/calibration.ts'
import { canonicalJson } from '../canonical-json.ts'
import { MAX_DEPTH } from '../expression/expression-problem.ts'
import { type FeatureSpec, featureSpecHash } from '../feature-spec.ts'
import { isLegalFeature, isRecord, isText, sameFields } from '../legal-feature.ts'
import { isLegalTrainer } from '../legal-trainer.ts'
import { type Imported, plainTrainer, type Trainer } from '../trainer.ts'
import { isLegalImported } from '../trainers/imported.ts'
import { FEATURE_MASK, type Objective } from '../trees/packed.ts'
import { type GraphShape, isGraphShape } from './graph.ts'
import { check, invalid } from './invalid-artefact.ts'
import { isObjectiveOf } from './legal-objective.ts'
import { checkSections, type Sections } from './sections.ts'
import { isLegalTarget, outputWidth, type Target } from './target.ts'

/** What a model says about itself. Written as canonical JSON, so equal models are equal bytes. */
export interface ArtefactHeader {
  /** What fitted it, or where it came from. */
  readonly trainer: Trainer | Imported
  readonly features: FeatureSpec
  readonly featureSpecHash: string
  /** How null is read: each split names its side, or it counts as the mean beside a column of its own, or a graph is given NaN. */
  readonly nulls: 'side_of_each_split' | 'mean_and_indicator' | 'not_a_number'
  /** What it answers. */
  readonly target: Target
  /** Binary: class 1 when the probability is above this. Null for other targets. */
  readonly threshold: number | null
  readonly trainingRowsHash: string
  readonly definitionHash: string
  readonly model: ModelKind
  /** How a graph is asked. Models of our own have no such field. */
  readonly graph?: GraphShape
  /** Of a forest; null when the mean of the leaves is the answer, and for other models. */
  readonly objective: Objective | null
  /** Null: the body's own probabilities are the answer. */
  readonly calibration: CalibrationShape | null
  /** Lengths of the arrays that follow the header, in their own numbers. */
  readonly sections: Sections
}

export type ModelKind = 'forest' | 'linear' | 'graph'

/** How deep a header nests: an expression of the greatest depth, and what is around it and in its columns. */
const MAX_NESTING = MAX_DEPTH + 8
const HEX_HASH = /^[0-9a-f]{16,64}$/
const FIELDS = [
  'calibration',
  'definitionHash',
  'featureSpecHash',
  'features',
  'model',
  'nulls',
  'objective',
  'sections',
  'target',
  'threshold',
  'trainer',
  'trainingRowsHash',
]

/** Reads a header and believes nothing. Throws `artefact_invalid` naming the first thing that is wrong. */
export function parseHeader(text: string): ArtefactHeader {
  const header = parseJson(text)
  check(isRecord(header), 'the header has other fields')
  const fields = header.model === 'graph' ? [...FIELDS, 'graph'].sort() : FIELDS
  check(sameFields(header, fields), 'the header has other fields')
  const { trainer, features, target, threshold, model, objective, calibration, sections } = header
  check(isLegalTrainer(trainer) || isLegalImported(trainer), 'the trainer is not known')
  check(Array.isArray(features) && features.length > 0 && features.length <= FEATURE_MASK + 1, 'there are no features')
  for (const feature of features as unknown[]) check(isLegalFeature(feature), 'a feature is malformed')
  check(header.featureSpecHash === featureSpecHash(features as FeatureSpec), 'the features do not have their hash')
  check(isLegalTarget(target), 'the target is not known')
  check(target.kind === 'binary' ? isShare(threshold) : threshold === null, 'the threshold is not between 0 and 1')
  check(isHash(header.trainingRowsHash) && isHash(header.definitionHash), 'a hash is malformed')
  check(model === 'forest' || model === 'linear' || model === 'graph', 'the kind of model is not known')
  check(header.nulls === NULLS[model], 'the null handling is not known')
  check(isObjectiveOf(objective, model, target), 'the objective is not known')
  if (model === 'graph') {
    check(isGraphShape(header.graph, features as FeatureSpec, target), 'the graph is asked for what it has not')
  }
  check(calibration === null || isCalibrationShape(calibration, target), 'the calibration is not known')
  checkSections(sections, { model, objective, calibration, target, features: features as FeatureSpec })
  check(makes(trainer, header as unknown as ArtefactHeader), 'the trainer makes other models')
  return header as unknown as ArtefactHeader
}

/** How the kinds of models read null. */
export const NULLS = { forest: 'side_of_each_split', linear: 'mean_and_indicator', graph: 'not_a_number' } as const

function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw invalid('the header is not JSON')
  }
  // What follows goes down into the value by recursion.
  check(nestsWithin(value, MAX_NESTING), 'the header nests too deep')
  // One text for one header: no duplicate fields, no other order, no other spelling of a number.
  check(canonicalJson(value) === text, 'the header is not canonical JSON')
  return value
}

function nestsWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((part) => nestsWithin(part, levels - 1))
}

/** Whether a model of this kind and size can be what the trainer gives. Boosting may stop early. */
function makes(
  trainer: Trainer | Imported,
  { model, objective, sections, target, calibration }: ArtefactHeader,
): boolean {
  const method = trainer.kind === 'calibrated' ? trainer.method : undefined
  if (calibration?.kind !== method) return false
  if (trainer.kind === 'imported') return true
  const plain = plainTrainer(trainer)
  const trees = sections.roots ?? 0
  const isMean = objective === null || objective.kind === 'classes'
  if (plain?.kind === 'randomForest') return model === 'forest' && isMean && trees === plain.trees
  if (plain?.kind !== 'gradientBoosting') return plain !== null && model === 'linear'
  return model === 'forest' && !isMean && trees <= plain.rounds * outputWidth(target)
}

function isHash(value: unknown): boolean {
  return isText(value) && HEX_HASH.test(value)
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1
}
