import { atMostFloat, belowFloat, previousDouble } from '../../domain/interchange/float32.ts'
import type { ForeignNode, ForeignSplit, ForeignTree } from '../../domain/interchange/foreign-model.ts'
import { mustHold, refused } from '../../domain/interchange/refused.ts'
import type { Attributes } from './read-graph.ts'

/** A tree whose leaves still have a weight for each output that they add to. */
export interface EnsembleTree {
  readonly splits: readonly (ForeignSplit | null)[]
  /** By node: weights by output. */
  readonly weights: ReadonlyMap<number, ReadonlyMap<number, number>>
}

const MOST = 1 << 24

/**
 * Trees of a TreeEnsembleClassifier (`class`) or TreeEnsembleRegressor (`target`), versions 1 to 3. Inputs of float32 are
 * compared as float32: thresholds become the float64 that part the same values.
 */
export function ensembleTrees(
  attributes: Attributes,
  leaf: 'class' | 'target',
  isFloat: boolean,
): readonly EnsembleTree[] {
  const { ints } = attributes
  const treeIds = ints('nodes_treeids')
  const n = treeIds.length
  if (n > MOST) throw refused('model_file_limit', `a model has at most ${MOST} nodes`, n)
  const same = (name: string, values: readonly number[]): readonly number[] => {
    mustHold(values.length === n, `nodes_${name} has a value for each node`, values.length)
    return values
  }
  const nodeIds = same('nodeids', ints('nodes_nodeids'))
  const inputs = same('featureids', ints('nodes_featureids'))
  const values = same('values', attributes.numbers('nodes_values'))
  const yes = same('truenodeids', ints('nodes_truenodeids'))
  const no = same('falsenodeids', ints('nodes_falsenodeids'))
  const given = ints('nodes_missing_value_tracks_true')
  const missing = given.length === 0 ? null : same('missing_value_tracks_true', given)
  const modes = attributes.texts('nodes_modes')
  mustHold(modes.length === n && n > 0, 'nodes_modes has a mode for each node', modes.length)

  // Nodes are numbered anew within their tree, in the order of the file: the first is the root.
  const trees = new Map<number, { places: Map<number, number>; rows: number[] }>()
  for (let i = 0; i < n; i++) {
    const tree = trees.get(treeIds[i]!) ?? { places: new Map<number, number>(), rows: [] as number[] }
    const isNew = !tree.places.has(nodeIds[i]!)
    mustHold(isNew, 'nodes of a tree have numbers of their own', nodeIds[i]!)
    tree.places.set(nodeIds[i]!, tree.rows.length)
    tree.rows.push(i)
    trees.set(treeIds[i]!, tree)
  }
  const weights = leafWeights(attributes, leaf)
  return [...trees].map(([id, { places, rows }]) => {
    const place = (node: number): number => {
      const found = places.get(node)
      mustHold(found !== undefined, 'children are nodes of their tree', node)
      return found
    }
    return {
      splits: rows.map((i) => {
        if (modes[i] === 'LEAF') return null
        const tracksTrue = missing !== null && missing[i] === 1
        return splitOf(modes[i]!, values[i]!, tracksTrue, inputs[i]!, place(yes[i]!), place(no[i]!), isFloat)
      }),
      weights: new Map([...(weights.get(id) ?? [])].map(([node, byOutput]) => [place(node), byOutput])),
    }
  })
}

/** The tree with what its leaves are to hold. */
export function withLeaves(
  { splits, weights }: EnsembleTree,
  value: (weights: ReadonlyMap<number, number>) => number | readonly number[],
): ForeignTree {
  const none: ReadonlyMap<number, number> = new Map()
  return splits.map((split, i): ForeignNode => split ?? { value: value(weights.get(i) ?? none), cover: null })
}

function splitOf(
  mode: string,
  value: number,
  tracksTrue: boolean,
  input: number,
  yes: number,
  no: number,
  isFloat: boolean,
): ForeignSplit {
  const threshold = isFloat ? Math.fround(value) : value
  const atMost = isFloat ? atMostFloat(threshold) : clamped(threshold)
  const below = isFloat ? belowFloat(threshold) : clamped(previousDouble(clamped(threshold)))
  const common = { input, cover: null }
  switch (mode) {
    case 'BRANCH_LEQ':
      return { ...common, test: { atMost }, missingLeft: tracksTrue, left: yes, right: no }
    case 'BRANCH_LT':
      return { ...common, test: { atMost: below }, missingLeft: tracksTrue, left: yes, right: no }
    case 'BRANCH_GT':
      return { ...common, test: { atMost }, missingLeft: !tracksTrue, left: no, right: yes }
    case 'BRANCH_GTE':
      return { ...common, test: { atMost: below }, missingLeft: !tracksTrue, left: no, right: yes }
    case 'BRANCH_EQ':
      return { ...common, test: { oneOf: new Set([threshold]) }, missingLeft: tracksTrue, left: yes, right: no }
    case 'BRANCH_NEQ':
      // what is missing is not equal
      return { ...common, test: { oneOf: new Set([threshold]) }, missingLeft: false, left: no, right: yes }
    default:
      throw refused('model_file_unsupported', 'nodes compare with LEQ, LT, GT, GTE, EQ or NEQ', mode)
  }
}

function clamped(threshold: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, threshold))
}

function leafWeights(attributes: Attributes, leaf: 'class' | 'target'): Map<number, Map<number, Map<number, number>>> {
  const trees = attributes.ints(`${leaf}_treeids`)
  const nodes = attributes.ints(`${leaf}_nodeids`)
  const outputs = attributes.ints(`${leaf}_ids`)
  const values = attributes.numbers(`${leaf}_weights`)
  const isWhole = [nodes, outputs, values].every((list) => list.length === trees.length)
  mustHold(isWhole && values.every(Number.isFinite), 'each weight has its tree, node and output, and is finite')
  const weights = new Map<number, Map<number, Map<number, number>>>()
  trees.forEach((tree, i) => {
    const byNode = weights.get(tree) ?? new Map<number, Map<number, number>>()
    const byOutput = byNode.get(nodes[i]!) ?? new Map<number, number>()
    byOutput.set(outputs[i]!, (byOutput.get(outputs[i]!) ?? 0) + values[i]!)
    byNode.set(nodes[i]!, byOutput)
    weights.set(tree, byNode)
  })
  return weights
}
