import type { ForeignInput, ForeignModel, ForeignOutput } from '../../domain/interchange/foreign-model.ts'
import { mustHold, refused } from '../../domain/interchange/refused.ts'
import { Fields } from './fields.ts'
import { inputCategories } from './input-categories.ts'
import { readTree } from './tree.ts'

const MOST_INPUTS = 65_536
const MOST_CLASSES = 256
const MOST_TREES = 1_000_000

/**
 * Reads a model that XGBoost saved as JSON (`save_model("m.json")`), with the meaning that `Booster.predict` gives it:
 * all its trees. Boosted trees and random forests (`num_parallel_tree`), of one class, several, or a number.
 *
 * @throws `model_file_invalid`, `model_file_unsupported` or `model_file_limit`
 */
export function readXgboost(text: string): ForeignModel {
  const file = new Fields(parse(text), 'the file')
  const version = file.wholes('version', 3).join('.')
  const learner = file.in('learner')
  const booster = learner.in('gradient_booster')
  const name = booster.text('name')
  if (name !== 'gbtree') throw refused('model_file_unsupported', 'the booster is gbtree', name)
  const model = booster.in('model')
  const parameters = learner.in('learner_model_param')
  const inputCount = parameters.count('num_feature', MOST_INPUTS)
  const trees = model.list('trees')
  if (trees.length > MOST_TREES)
    throw refused('model_file_limit', `a model has at most ${MOST_TREES} trees`, trees.length)
  mustHold(trees.length > 0, 'a model has trees')
  if (parameters.has('num_target') && Number(parameters.text('num_target')) > 1) {
    throw refused('model_file_unsupported', 'a model answers one label', `${parameters.text('num_target')} targets`)
  }
  return {
    tool: 'XGBoost',
    version,
    inputs: inputs(learner, inputCount, inputCategories(model, inputCount)),
    trees: trees.map((tree, t) => readTree(new Fields(tree, `tree ${t}`))),
    output: output(learner, parameters, model.wholes('tree_info', trees.length)),
    notes: notes(learner, trees.length),
  }
}

/** Before 3.0 XGBoost wrote `NaN` for the threshold of a split by categories. */
const NOT_JSON = /([[,:])(?:NaN|-?Infinity)(?=[,\]}])/

/** `JSON.parse` nests without recursion; nothing here follows what it is not asked for. */
function parse(text: string): unknown {
  try {
    return JSON.parse(NOT_JSON.test(text) ? text.replaceAll(new RegExp(NOT_JSON, 'g'), '$1null') : text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw refused('model_file_invalid', 'an XGBoost model is JSON', cause.message)
  }
}

const NUMBERS = new Set([
  'reg:squarederror',
  'reg:linear',
  'reg:absoluteerror',
  'reg:pseudohubererror',
  'reg:quantileerror',
])
const ODDS = new Set(['binary:logistic', 'reg:logistic'])
const CLASSES = new Set(['multi:softprob', 'multi:softmax'])

/** `base_score` is in the units of the answer: a probability becomes log-odds. Since 3.1 there is one for each class. */
function output(learner: Fields, parameters: Fields, treeInfo: readonly number[]): ForeignOutput {
  const objective = learner.in('objective').text('name')
  const bases = parameters
    .text('base_score')
    .replace(/^\[(.*)\]$/, '$1')
    .split(',')
    .map((word) => Math.fround(Number(word)))
  mustHold(bases.every(Number.isFinite), 'base_score is finite', parameters.text('base_score'))
  const classes = parameters.count('num_class', MOST_CLASSES)
  const [base = 0] = bases
  if (CLASSES.has(objective)) {
    mustHold(classes > 1, 'num_class is above 1', classes)
    mustHold(
      treeInfo.every((k) => k >= 0 && k < classes),
      'each tree is of a class',
    )
    mustHold(bases.length === 1 || bases.length === classes, 'base_score has one value, or one a class', bases.length)
    const ofClass = Array.from({ length: classes }, (_, k) => bases[bases.length === 1 ? 0 : k]!)
    if (classes === 2) throw refused('model_file_unsupported', 'two classes are binary:logistic', objective)
    return { kind: 'softmax', bases: ofClass, treeClasses: treeInfo }
  }
  mustHold(bases.length === 1 && classes <= 1, 'the model answers one number', `${bases.length} base scores`)
  if (NUMBERS.has(objective)) return { kind: 'sum', base }
  if (ODDS.has(objective)) {
    mustHold(base > 0 && base < 1, 'base_score is a probability', base)
    return { kind: 'logistic', base: -Math.log(1 / base - 1) }
  }
  throw refused('model_file_unsupported', `objectives are ${[...ODDS, ...CLASSES, ...NUMBERS].join(', ')}`, objective)
}

function inputs(
  learner: Fields,
  count: number,
  categories: readonly (readonly string[] | null)[],
): readonly ForeignInput[] {
  const given = learner.has('feature_names') ? learner.texts('feature_names') : []
  mustHold(given.length === 0 || given.length === count, `feature_names has ${count} names`, given.length)
  return Array.from({ length: count }, (_, i) => ({ name: given[i] ?? `f${i}`, categories: categories[i] ?? null }))
}

/** scikit-learn's interface stops at the best round; the file has all, and so does `Booster.predict`. */
function notes(learner: Fields, trees: number): readonly string[] {
  const best = learner.has('attributes') ? learner.in('attributes').raw('best_iteration') : undefined
  if (typeof best !== 'string') return []
  return [
    `early stopping chose round ${best}; all ${trees} trees of the file are read. Save booster[:${Number(best) + 1}] for fewer`,
  ]
}
