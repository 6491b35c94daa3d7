import type { FeatureSpec } from '../feature-spec.ts'
import { invalid } from '../model/invalid-artefact.ts'
import type { Target } from '../model/target.ts'
import { CATEGORY, FEATURE_MASK, type Forest, LEAF, MAX_STEP, NULL_LEFT } from './packed.ts'

/**
 * Proves that every walk of the forest ends in a leaf of its own tree with a probability, a row of them, or a number that
 * adds up to the answer: each tree is a range of nodes, children lie after their parent in the same range, and each node
 * but the root has one parent.
 * Throws `artefact_invalid` at the first node that breaks it. Stops after each tree, so that a large forest can be
 * checked beside other work.
 */
export function* checkForest(forest: Forest, features: FeatureSpec, target: Target): Generator<void, void> {
  const { roots, words, values } = forest
  checkLeaves(forest)
  const leafRange = rangeOfLeaf(forest, target)
  const nodes = words.length / 4
  const hasParent = new Uint8Array(nodes)
  if (roots[0] !== 0) throw invalid('the first tree does not begin at the first node')
  for (let tree = 0; tree < roots.length; tree++) {
    const root = roots[tree]!
    const end = tree + 1 < roots.length ? roots[tree + 1]! : nodes
    if (root >= end || end > nodes) throw invalid(`tree ${tree} has no nodes`)
    for (let node = root; node < end; node++) {
      if (node > root && hasParent[node] === 0) throw invalid(`node ${node} has no parent`)
      if (words[4 * node + 2] === LEAF) checkLeaf(words, values, node, leafRange)
      else {
        const child = checkSplit(words, values, node, features)
        if (child <= node || child + 1 >= end) throw invalid(`node ${node} points outside its tree`)
        if (hasParent[child] === 1) throw invalid(`node ${child} has two parents`)
        hasParent[child] = 1
        hasParent[child + 1] = 1
      }
    }
    yield
  }
}

/** What the value of a leaf may be, and what it should have been when it is not. */
interface LeafRange {
  readonly low: number
  readonly high: number
  readonly whole: boolean
  readonly name: string
}

function rangeOfLeaf({ objective, leaves }: Forest, target: Target): LeafRange {
  if (objective?.kind === 'classes') {
    return { low: 0, high: leaves.length / objective.classes - 1, whole: true, name: 'row of the leaves' }
  }
  if (objective === null && target.kind === 'binary') return { low: 0, high: 1, whole: false, name: 'probability' }
  return { low: -MAX_STEP, high: MAX_STEP, whole: false, name: objective === null ? 'number' : 'step' }
}

function checkLeaf(words: Int32Array, values: Float64Array, node: number, range: LeafRange): void {
  const value = values[2 * node]!
  const { low, high, whole, name } = range
  if (!(value >= low && value <= high && (!whole || Number.isInteger(value)))) {
    throw invalid(`leaf ${node} holds no ${name}`)
  }
  if (words[4 * node + 3] !== 0) throw invalid(`leaf ${node} has a child`)
}

/** Rows of the table of leaves are probabilities that add up to 1. */
function checkLeaves({ objective, leaves }: Forest): void {
  if (objective?.kind !== 'classes') return
  const { classes } = objective
  for (let at = 0; at < leaves.length; at += classes) {
    let sum = 0
    for (let k = 0; k < classes; k++) {
      const p = leaves[at + k]!
      if (!(p >= 0 && p <= 1)) throw invalid(`row ${at / classes} of the leaves holds no probability`)
      sum += p
    }
    if (!(Math.abs(sum - 1) <= 1e-9)) throw invalid(`row ${at / classes} of the leaves does not add up to 1`)
  }
}

/** Returns the left child. */
function checkSplit(words: Int32Array, values: Float64Array, node: number, features: FeatureSpec): number {
  const split = words[4 * node + 2]!
  const feature = features[split & FEATURE_MASK]
  if (split < 0 || (split & ~(FEATURE_MASK | NULL_LEFT | CATEGORY)) !== 0 || feature === undefined) {
    throw invalid(`node ${node} splits no feature`)
  }
  if ((feature.type === 'category') !== ((split & CATEGORY) !== 0))
    throw invalid(`node ${node} splits ${feature.name} wrongly`)
  if (feature.type === 'category') {
    const categories = feature.categories?.length ?? 0
    const beyondLow = categories >= 32 ? 0 : words[4 * node]! >>> categories
    const beyondHigh = categories >= 64 ? 0 : words[4 * node + 1]! >>> Math.max(0, categories - 32)
    if (beyondLow !== 0 || beyondHigh !== 0)
      throw invalid(`node ${node} knows more categories than ${feature.name} has`)
  } else if (!Number.isFinite(values[2 * node]!)) throw invalid(`node ${node} has no threshold`)
  return words[4 * node + 3]!
}
