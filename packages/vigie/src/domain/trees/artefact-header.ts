import { VigieError } from '../../errors.ts'
import { canonicalJson } from '../canonical-json.ts'
import { MAX_DEPTH } from '../expression/expression-problem.ts'
import { type FeatureSpec, featureSpecHash } from '../feature-spec.ts'
import { isLegalFeature, isRecord, isText, sameFields } from '../legal-feature.ts'
import { isLegalTrainer } from '../legal-trainer.ts'
import type { Trainer } from '../trainer.ts'
import { FEATURE_MASK, MAX_NODES, MAX_STEP, type Objective } from './packed.ts'

/** What a model says about itself. Written as canonical JSON, so equal models are equal bytes. */
export interface ArtefactHeader {
  readonly trainer: Trainer
  readonly features: FeatureSpec
  readonly featureSpecHash: string
  /** Each split names the side that null takes. */
  readonly nulls: 'side_of_each_split'
  /** Names of class 0 and class 1. */
  readonly classes: readonly [string, string]
  /** Class 1 when the probability is above this. */
  readonly threshold: number
  readonly trainingRowsHash: string
  readonly definitionHash: string
  readonly trees: number
  readonly nodes: number
  /** What boosted leaves add up to. Absent when leaves are probabilities. */
  readonly objective?: Objective
}

/** How deep a header nests: an expression of the greatest depth, and what is around it and in its columns. */
const MAX_NESTING = MAX_DEPTH + 8
const HEX_HASH = /^[0-9a-f]{16,64}$/
const FIELDS = [
  'classes',
  'definitionHash',
  'featureSpecHash',
  'features',
  'nodes',
  'nulls',
  'threshold',
  'trainer',
  'trainingRowsHash',
  'trees',
]
const BOOSTED_FIELDS = [...FIELDS, 'objective'].sort()

/**
 * Reads a header and believes nothing; one of `boosted` trees has an objective. Throws `artefact_invalid` naming the
 * first thing that is wrong.
 */
export function parseHeader(text: string, boosted: boolean): ArtefactHeader {
  const header = parseJson(text)
  const fields = boosted ? BOOSTED_FIELDS : FIELDS
  check(isRecord(header) && sameFields(header, fields), 'the header has other fields')
  const { trainer, features, classes, trees, nodes } = header
  check(isLegalTrainer(trainer), 'the trainer is not known')
  check(boosted === (trainer.kind === 'gradientBoosting'), 'the trainer has another objective')
  check(!boosted || isObjective(header.objective), 'the objective is not known')
  check(Array.isArray(features) && features.length > 0 && features.length <= FEATURE_MASK + 1, 'there are no features')
  for (const feature of features as unknown[]) check(isLegalFeature(feature), 'a feature is malformed')
  check(header.featureSpecHash === featureSpecHash(features as FeatureSpec), 'the features do not have their hash')
  check(header.nulls === 'side_of_each_split', 'the null handling is not known')
  check(Array.isArray(classes) && classes.length === 2 && classes.every(isText), 'there are not two classes')
  check(isShare(header.threshold), 'the threshold is not between 0 and 1')
  check(isHash(header.trainingRowsHash) && isHash(header.definitionHash), 'a hash is malformed')
  check(isWhole(trees, 1, MAX_NODES) && hasTrees(trainer, trees), "the number of trees is not the trainer's")
  check(isWhole(nodes, trees, MAX_NODES), 'the number of nodes is out of range')
  return header as unknown as ArtefactHeader
}

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

/** Boosting may stop early. */
function hasTrees(trainer: Trainer, trees: number): boolean {
  return trainer.kind === 'gradientBoosting' ? trees <= trainer.rounds : trees === trainer.trees
}

function isObjective(value: unknown): value is Objective {
  if (!(isRecord(value) && sameFields(value, ['base', 'kind']) && value.kind === 'logistic')) return false
  return typeof value.base === 'number' && Math.abs(value.base) <= MAX_STEP
}

function isHash(value: unknown): boolean {
  return isText(value) && HEX_HASH.test(value)
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
}

function check(holds: boolean, problem: string): asserts holds {
  if (!holds) throw invalid(problem)
}

/** The one error of this format. */
export function invalid(problem: string): VigieError {
  return new VigieError('artefact_invalid', `not a model artefact: ${problem}`, { rule: problem })
}
