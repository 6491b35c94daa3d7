import type { FeatureSpec } from '../feature-spec.ts'
import { CATEGORY, type Forest, forestOver, LEAF, NODE_BYTES, NULL_LEFT, type Objective } from '../trees/packed.ts'
import type { FeatureInput } from './feature-inputs.ts'
import { type FeatureSplit, featureSplit } from './feature-split.ts'
import type {
  ForeignLeaf,
  ForeignModel,
  ForeignNode,
  ForeignOutput,
  ForeignSplit,
  ForeignTree,
} from './foreign-model.ts'
import { mustHold, refused } from './refused.ts'

/** Most nodes of an imported forest: 300 full-depth trees on a million rows have a tenth of it. */
export const MOST_NODES = 1 << 24
/** A tree whose nodes are shared is written out as a tree; this is how much larger it may become. */
const MOST_COPIES = 64

/**
 * Trees of another tool as they are served here. Scores are those of the tool but for rounding: thresholds and sides are
 * exact for every float64, sums are float64 where most tools add float32.
 *
 * @throws `model_file_invalid` when the nodes are no trees; `model_file_unsupported`; `model_file_limit`
 */
export function packTrees(model: ForeignModel, inputs: readonly FeatureInput[], features: FeatureSpec): Forest {
  const { trees, objective } = inOrder(model.trees, model.output)
  const packed = new Packer(inputs, features)
  for (const tree of trees) packed.add(tree)
  return packed.forest(objective)
}

/** Trees of several classes come class by class; a class with fewer gets trees that add nothing. */
function inOrder(
  trees: readonly ForeignTree[],
  output: ForeignOutput,
): { readonly trees: readonly ForeignTree[]; readonly objective: Objective | null } {
  if (output.kind === 'mean') return { trees, objective: null }
  if (output.kind !== 'softmax') return { trees, objective: output }
  const { bases, treeClasses } = output
  const byClass = bases.map((_, k) => trees.filter((_tree, t) => treeClasses[t] === k))
  const rounds = Math.max(...byClass.map((own) => own.length))
  const nothing: ForeignTree = [{ value: 0, cover: null }]
  const ordered = Array.from({ length: rounds }, (_, r) => byClass.map((own) => own[r] ?? nothing)).flat()
  return { trees: ordered, objective: { kind: 'softmax', bases } }
}

class Packer {
  readonly #inputs: readonly FeatureInput[]
  readonly #features: FeatureSpec
  readonly #roots: number[] = []
  readonly #leaves: number[] = []
  #classes = 0
  #bytes = new ArrayBuffer(1024 * NODE_BYTES)
  #covers = new Float32Array(1024)
  #words = new Int32Array(this.#bytes)
  #values = new Float64Array(this.#bytes)
  #nodes = 0
  /** Every node has a cover and none was copied. */
  #isCovered = true

  constructor(inputs: readonly FeatureInput[], features: FeatureSpec) {
    this.#inputs = inputs
    this.#features = features
  }

  add(tree: ForeignTree): void {
    refuseCycle(tree)
    this.#roots.push(this.#nodes)
    const most = this.#nodes + MOST_COPIES * tree.length
    const written = new Set<number>()
    /** Pairs of a node of the file and its place. */
    const open: [from: number, to: number][] = [[0, this.#place(1)]]
    for (let next = open.pop(); next; next = open.pop()) {
      const [from, to] = next
      if (written.has(from)) this.#isCovered = false
      written.add(from)
      const node = tree[from]!
      if (node.cover === null) this.#isCovered = false
      this.#covers[to] = node.cover ?? 0
      if (!isSplit(node)) {
        this.#leaf(node, to)
        continue
      }
      const { split, left, right } = this.#merged(tree, node)
      const child = this.#place(2)
      if (this.#nodes > most) {
        throw refused(
          'model_file_limit',
          'trees share few of their nodes',
          `tree ${this.#roots.length - 1} shares many`,
        )
      }
      this.#split(split, to, child)
      open.push([split.swapped ? left : right, child + 1], [split.swapped ? right : left, child])
    }
  }

  forest(objective: Objective | null): Forest {
    const bytes = this.#bytes.slice(0, this.#nodes * NODE_BYTES)
    return forestOver(Int32Array.from(this.#roots), bytes, 0, this.#nodes, objective, {
      leaves: Float64Array.from(this.#leaves),
      covers: this.#isCovered ? this.#covers.slice(0, this.#nodes) : null,
    })
  }

  /** A chain of questions for one category each, with one answer in common, is one question for the set. */
  #merged(tree: ForeignTree, node: ForeignSplit): { split: FeatureSplit; left: number; right: number } {
    let split = this.#featureSplit(node)
    let { right } = node
    while ('mask' in split.by) {
      const next = tree[right]!
      if (!isSplit(next) || next.left !== node.left) break
      const also = this.#featureSplit(next)
      if (also.feature !== split.feature || !('mask' in also.by)) break
      this.#isCovered = false
      split = { ...split, by: { mask: split.by.mask | also.by.mask }, nullLeft: split.nullLeft || also.nullLeft }
      right = next.right
    }
    return { split, left: node.left, right }
  }

  #featureSplit(node: ForeignSplit): FeatureSplit {
    const input = this.#inputs[node.input]
    mustHold(input !== undefined, 'splits name inputs of the model', node.input)
    return featureSplit(node, input, this.#features)
  }

  #place(nodes: number): number {
    const at = this.#nodes
    this.#nodes += nodes
    if (this.#nodes > MOST_NODES) throw refused('model_file_limit', `a model has at most ${MOST_NODES} nodes`, 'more')
    if (this.#nodes * NODE_BYTES > this.#bytes.byteLength) {
      const wider = new ArrayBuffer(2 * this.#bytes.byteLength)
      new Uint8Array(wider).set(new Uint8Array(this.#bytes))
      this.#bytes = wider
      this.#words = new Int32Array(wider)
      this.#values = new Float64Array(wider)
      const covers = new Float32Array(2 * this.#covers.length)
      covers.set(this.#covers)
      this.#covers = covers
    }
    return at
  }

  #leaf({ value }: ForeignLeaf, at: number): void {
    this.#words[4 * at + 2] = LEAF
    if (typeof value === 'number') {
      this.#values[2 * at] = value
      return
    }
    this.#classes ||= value.length
    mustHold(value.length === this.#classes, 'every leaf has a value for each class', value.length)
    this.#values[2 * at] = this.#leaves.length / this.#classes
    for (const share of value) this.#leaves.push(share)
  }

  #split({ feature, by, nullLeft }: FeatureSplit, at: number, child: number): void {
    const isMask = 'mask' in by
    this.#words[4 * at + 2] = feature | (nullLeft ? NULL_LEFT : 0) | (isMask ? CATEGORY : 0)
    this.#words[4 * at + 3] = child
    if (isMask) {
      this.#words[4 * at] = Number(BigInt.asIntN(32, by.mask))
      this.#words[4 * at + 1] = Number(BigInt.asIntN(32, by.mask >> 32n))
    } else {
      mustHold(Number.isFinite(by.threshold), 'thresholds are finite', by.threshold)
      this.#values[2 * at] = by.threshold
    }
  }
}

const isSplit = (node: ForeignNode): node is ForeignSplit => 'test' in node

/** Walks the tree once. Throws when children are no nodes of it, or a way comes back to where it was. */
function refuseCycle(tree: ForeignTree): void {
  mustHold(tree.length > 0, 'a tree has nodes', 0)
  /** 1 while a node's descendants are walked, 2 when they are done. */
  const state = new Uint8Array(tree.length)
  const open = [0]
  for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
    const node = tree[at]!
    const children = state[at] === 0 && isSplit(node) ? [node.left, node.right] : []
    if (state[at] === 0) state[at] = 1
    else {
      state[at] = 2
      open.pop()
    }
    for (const child of children) {
      mustHold(
        Number.isSafeInteger(child) && child >= 0 && child < tree.length,
        'children are nodes of their tree',
        child,
      )
      if (state[child] === 1)
        throw refused('model_file_invalid', 'trees have no cycles', `node ${child} is its own ancestor`)
      if (state[child] === 0) open.push(child)
    }
  }
}
