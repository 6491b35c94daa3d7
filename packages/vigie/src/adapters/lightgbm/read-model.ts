import type { ForeignInput, ForeignModel, ForeignOutput } from '../../domain/interchange/foreign-model.ts'
import { mustHold, refused } from '../../domain/interchange/refused.ts'
import { type Section, type Sections, sections } from './sections.ts'
import { readTree } from './tree.ts'

const MOST_INPUTS = 65_536
const MOST_CLASSES = 256

/**
 * Reads a model that LightGBM saved as text (`save_model`), with the meaning that LightGBM's own prediction gives it.
 * Boosting (also DART, whose trees are saved with their weights) and random forests (`average_output`).
 *
 * @throws `model_file_invalid`, `model_file_unsupported` or `model_file_limit`
 */
export function readLightgbm(text: string): ForeignModel {
  const parts = sections(text)
  const { header } = parts
  const version = header.text('version')
  if (!/^v[234]$/.test(version))
    throw refused('model_file_unsupported', 'known format versions are v2, v3 and v4', version)
  const classes = header.whole('num_class', MOST_CLASSES)
  const perRound = header.whole('num_tree_per_iteration', MOST_CLASSES)
  mustHold(perRound === classes && classes > 0, 'a round has a tree for each class', `${perRound} of ${classes}`)
  mustHold(
    parts.trees.length > 0 && parts.trees.length % perRound === 0,
    'rounds of trees are whole',
    parts.trees.length,
  )
  const { kind, slope } = objective(header, classes)
  const rounds = parts.trees.length / perRound
  const scale = slope / (header.has('average_output') ? rounds : 1)
  return {
    tool: 'LightGBM',
    version,
    inputs: inputs(parts),
    trees: parts.trees.map((tree) => readTree(tree, scale)),
    output: output(kind, parts.trees.length, classes),
    notes: [],
  }
}

/** Objectives whose sums are log-odds, and those whose sums are the answer; `slope` multiplies the sums. */
function objective(
  header: Section,
  classes: number,
): { readonly kind: 'logistic' | 'sum' | 'softmax'; readonly slope: number } {
  const [name = '', ...options] = header.has('objective') ? header.words('objective') : []
  const slopeText = options.find((option) => option.startsWith('sigmoid:'))?.slice('sigmoid:'.length)
  const slope = slopeText === undefined ? 1 : Number(slopeText)
  mustHold(Number.isFinite(slope) && slope > 0, 'the slope of the sigmoid is above 0', slopeText ?? '')
  if (classes === 1 && (name === 'binary' || name === 'cross_entropy')) return { kind: 'logistic', slope }
  if (classes === 1 && IDENTITY.has(name) && !options.includes('sqrt')) return { kind: 'sum', slope: 1 }
  if (classes > 1 && name === 'multiclass') return { kind: 'softmax', slope: 1 }
  throw refused(
    'model_file_unsupported',
    `objectives are binary, cross_entropy, multiclass, ${[...IDENTITY].join(', ')}`,
    [name, ...options].join(' ') || 'none (a function of its own)',
  )
}

const IDENTITY = new Set(['regression', 'regression_l1', 'huber', 'fair', 'quantile', 'mape'])

function output(kind: 'logistic' | 'sum' | 'softmax', trees: number, classes: number): ForeignOutput {
  if (kind !== 'softmax') return { kind, base: 0 }
  const treeClasses = Array.from({ length: trees }, (_, t) => t % classes)
  return { kind, bases: treeClasses.slice(0, classes).map(() => 0), treeClasses }
}

/** pandas' categories are in the order of its categorical columns, which the parameters name. */
function inputs({ header, parameters, pandas }: Sections): readonly ForeignInput[] {
  const count = header.whole('max_feature_idx', MOST_INPUTS) + 1
  const names = header.words('feature_names')
  mustHold(names.length === count, `feature_names has ${count} names`, names.length)
  const categorical = (parameters.get('categorical_feature') ?? '').split(',').filter((word) => word !== '')
  const known = pandas !== null && pandas.length > 0
  if (known && categorical.length !== pandas.length) {
    throw refused(
      'model_file_unsupported',
      'pandas_categorical has the categories of each categorical feature',
      `${pandas.length} lists for ${categorical.length} features`,
    )
  }
  return names.map((name, i) => {
    const at = known ? categorical.indexOf(String(i)) : -1
    return { name, categories: at < 0 ? null : pandas![at]!.map(categoryText) }
  })
}

/** As `vigie dataset` writes values. */
function categoryText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
