import { floatBelow } from '../../domain/interchange/float32.ts'
import { CATEGORY, FEATURE_MASK, type Forest, LEAF, NULL_LEFT, type Objective } from '../../domain/trees/packed.ts'
import { type GraphWriter, Type } from './graph.ts'

/**
 * Adds a forest to a graph and returns its answers, float64: one column, or one a class.
 *
 * - Inputs are float32, and so are thresholds, rounded down: every float32 goes the way that it goes here.
 * - The operator adds and answers in float32. Each leaf is therefore written in two parts, a multiple of a power of two
 *   with which sums are exact, and a small rest. Together they have the precision of float64.
 * - A set of categories is a chain of questions for one each, with one answer in common, as LightGBM's converter has it.
 */
export function exportForest(graph: GraphWriter, features: string, forest: Forest): string {
  const outputs = outputsOf(forest.objective)
  const sums = graph.node('TreeEnsembleRegressor', [features], ensemble(forest, outputs), {
    domain: 'ai.onnx.ml',
    version: 1,
  })
  const wide = graph.node('Cast', [sums], { to: { int: Type.double } })
  // Both parts of each output: columns k and outputs + k.
  const both = Float64Array.from({ length: 2 * outputs * outputs }, (_, i) =>
    Math.floor(i / outputs) % outputs === i % outputs ? 1 : 0,
  )
  const added = graph.node('MatMul', [wide, graph.doubles(both, [2 * outputs, outputs])])
  return answers(graph, added, forest)
}

function outputsOf(objective: Objective | null): number {
  if (objective?.kind === 'classes') return objective.classes
  return objective?.kind === 'softmax' ? objective.bases.length : 1
}

function answers(graph: GraphWriter, sums: string, { objective, roots }: Forest): string {
  if (objective === null || objective.kind === 'classes') {
    return graph.node('Div', [sums, graph.doubles([roots.length], [1, 1])])
  }
  const bases = objective.kind === 'softmax' ? objective.bases : [objective.base]
  const shifted = graph.node('Add', [sums, graph.doubles(bases, [1, bases.length])])
  if (objective.kind === 'logistic') return graph.node('Sigmoid', [shifted])
  return objective.kind === 'softmax' ? graph.node('Softmax', [shifted], { axis: { int: 1 } }) : shifted
}

function ensemble(forest: Forest, outputs: number) {
  const quanta = Array.from({ length: outputs }, (_, k) => quantum(forest, k))
  const nodes = {
    treeids: [] as number[],
    nodeids: [] as number[],
    featureids: [] as number[],
    values: [] as number[],
    modes: [] as string[],
    truenodeids: [] as number[],
    falsenodeids: [] as number[],
    missing: [] as number[],
  }
  const leaves = { treeids: [] as number[], nodeids: [] as number[], ids: [] as number[], weights: [] as number[] }
  const { roots, words, values } = forest
  const add = (tree: number, id: number, mode: string, split: number, value: number, yes: number, no: number): void => {
    nodes.treeids.push(tree)
    nodes.nodeids.push(id)
    nodes.modes.push(mode)
    nodes.featureids.push(split === LEAF ? 0 : split & FEATURE_MASK)
    nodes.values.push(value)
    nodes.truenodeids.push(yes)
    nodes.falsenodeids.push(no)
    nodes.missing.push(split !== LEAF && split & NULL_LEFT ? 1 : 0)
  }
  for (let tree = 0; tree < roots.length; tree++) {
    const root = roots[tree]!
    const end = tree + 1 < roots.length ? roots[tree + 1]! : words.length / 4
    let next = end - root
    for (let node = root; node < end; node++) {
      const split = words[4 * node + 2]!
      const left = words[4 * node + 3]! - root
      if (split === LEAF) {
        add(tree, node - root, 'LEAF', LEAF, 0, 0, 0)
        forEachWeight(forest, tree, node, (k, weight) => {
          const part = Math.round(weight / quanta[k]!) * quanta[k]!
          leaves.treeids.push(tree, tree)
          leaves.nodeids.push(node - root, node - root)
          leaves.ids.push(k, outputs + k)
          leaves.weights.push(part, weight - part)
        })
      } else if (split & CATEGORY) {
        const codes = codesOf(words[4 * node]!, words[4 * node + 1]!)
        codes.forEach((code, i) => {
          const id = i === 0 ? node - root : next++
          const no = i + 1 < codes.length ? next : left + 1
          add(tree, id, 'BRANCH_EQ', i === 0 ? split : split & ~NULL_LEFT, code, left, no)
        })
      } else add(tree, node - root, 'BRANCH_LEQ', split, finite(floatBelow(values[2 * node]!)), left, left + 1)
    }
  }
  return {
    nodes_treeids: { ints: nodes.treeids },
    nodes_nodeids: { ints: nodes.nodeids },
    nodes_featureids: { ints: nodes.featureids },
    nodes_values: { floats: nodes.values },
    nodes_modes: { texts: nodes.modes },
    nodes_truenodeids: { ints: nodes.truenodeids },
    nodes_falsenodeids: { ints: nodes.falsenodeids },
    nodes_missing_value_tracks_true: { ints: nodes.missing },
    target_treeids: { ints: leaves.treeids },
    target_nodeids: { ints: leaves.nodeids },
    target_ids: { ints: leaves.ids },
    target_weights: { floats: leaves.weights },
    n_targets: { int: 2 * outputs },
    aggregate_function: { text: 'SUM' },
    post_transform: { text: 'NONE' },
  }
}

/** What a leaf adds to each output. */
function forEachWeight(
  { objective, values, leaves }: Forest,
  tree: number,
  node: number,
  each: (k: number, weight: number) => void,
): void {
  const value = values[2 * node]!
  if (objective?.kind === 'classes') {
    for (let k = 0; k < objective.classes; k++) each(k, leaves[value * objective.classes + k]!)
  } else if (objective?.kind === 'softmax') each(tree % objective.bases.length, value)
  else each(0, value)
}

/** The power of two whose multiples, one a tree, add up to an output exactly: they have 24 bits. */
function quantum(forest: Forest, output: number): number {
  const { roots, words } = forest
  let bound = 0
  for (let tree = 0; tree < roots.length; tree++) {
    const end = tree + 1 < roots.length ? roots[tree + 1]! : words.length / 4
    let most = 0
    for (let node = roots[tree]!; node < end; node++) {
      if (words[4 * node + 2] !== LEAF) continue
      forEachWeight(forest, tree, node, (k, weight) => {
        if (k === output) most = Math.max(most, Math.abs(weight))
      })
    }
    bound += most
  }
  return bound === 0 ? 1 : 2 ** (Math.ceil(Math.log2(bound)) - 22)
}

/** Codes of the categories that go left. Where none does, one that no category has. */
function codesOf(low: number, high: number): readonly number[] {
  const codes: number[] = []
  for (let code = 0; code < 64; code++) if (((code < 32 ? low : high) >>> (code & 31)) & 1) codes.push(code)
  return codes.length === 0 ? [-1] : codes
}

/** A threshold below all float32 has all but null on its right. */
function finite(threshold: number): number {
  return Math.max(threshold, -3.4028234663852886e38)
}
