import { belowFloat } from '../../domain/interchange/float32.ts'
import type { ForeignNode, ForeignTree, Test } from '../../domain/interchange/foreign-model.ts'
import { mustHold, refused } from '../../domain/interchange/refused.ts'
import type { Fields } from './fields.ts'

const MOST_TREE_NODES = 1 << 24
const MOST_CATEGORIES = 1 << 20

/**
 * One tree. XGBoost rounds inputs to float32 and sends what is below the float32 threshold to the left; a set of
 * categories goes right, and so the rest goes left. Leaves are float32. (XGBoost, `GetNextNode` and `common::Decision`.)
 */
export function readTree(tree: Fields): ForeignTree {
  const parameters = tree.in('tree_param')
  const nodes = parameters.count('num_nodes', MOST_TREE_NODES)
  if (parameters.has('size_leaf_vector') && Number(parameters.text('size_leaf_vector')) > 1) {
    throw refused('model_file_unsupported', 'leaves hold one value each', 'multi_strategy=multi_output_tree')
  }
  const lefts = tree.wholes('left_children', nodes)
  const rights = tree.wholes('right_children', nodes)
  const inputs = tree.wholes('split_indices', nodes)
  const conditions = tree.list('split_conditions')
  mustHold(conditions.length === nodes, 'split_conditions has a value for each node', conditions.length)
  const covers = tree.numbers('sum_hessian', nodes)
  const defaultLeft = tree.list('default_left')
  mustHold(defaultLeft.length === nodes, 'default_left has a value for each node', defaultLeft.length)
  const sets = categorySets(tree, nodes)
  const condition = (i: number): number => {
    const value = conditions[i]
    mustHold(typeof value === 'number' && Number.isFinite(value), 'thresholds and leaves are finite', `node ${i}`)
    return Math.fround(value)
  }
  return Array.from({ length: nodes }, (_, i): ForeignNode => {
    const cover = covers[i]!
    if (lefts[i] === -1) {
      mustHold(rights[i] === -1, 'a node has two children or none', `node ${i} has one`)
      return { value: condition(i), cover }
    }
    // 0 and 1, or false and true, by version
    const toLeft = defaultLeft[i] === 1 || defaultLeft[i] === true
    const side = { input: inputs[i]!, cover }
    const oneOf = sets.get(i)
    if (oneOf) return { ...side, test: { oneOf }, missingLeft: !toLeft, left: rights[i]!, right: lefts[i]! }
    const test: Test = { atMost: belowFloat(condition(i)) }
    return { ...side, test, missingLeft: toLeft, left: lefts[i]!, right: rights[i]! }
  })
}

/** The categories of each node that splits by them. */
function categorySets(tree: Fields, nodes: number): ReadonlyMap<number, ReadonlySet<number>> {
  const sets = new Map<number, ReadonlySet<number>>()
  if (!tree.has('split_type')) return sets
  const types = tree.wholes('split_type', nodes)
  if (!types.includes(1)) return sets
  const at = tree.wholes('categories_nodes')
  const segments = tree.wholes('categories_segments', at.length)
  const sizes = tree.wholes('categories_sizes', at.length)
  const categories = tree.wholes('categories')
  at.forEach((node, i) => {
    const from = segments[i]!
    const codes = categories.slice(from, from + sizes[i]!)
    mustHold(types[node] === 1 && from >= 0 && codes.length === sizes[i], 'a set of categories belongs to a node', node)
    mustHold(
      codes.every((code) => code >= 0 && code < MOST_CATEGORIES),
      'codes of categories are small',
    )
    sets.set(node, new Set(codes))
  })
  mustHold(
    types.every((type, node) => (type === 1) === sets.has(node)),
    'each split by categories has its set',
  )
  return sets
}
