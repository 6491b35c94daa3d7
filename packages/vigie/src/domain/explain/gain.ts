import { FEATURE_MASK, type Forest, LEAF } from '../trees/packed.ts'
import { leafWidth, nodesOf } from './tree-paths.ts'

/**
 * Gain of each feature: how much of the spread of the trees' answers over their training rows its splits explain. A split
 * gains `rows * share left * share right * (mean left - mean right)^2`, the means being those of the leaves below, by
 * their covers; with several classes the squares of all are added. Divided by the rows of each tree, summed over the trees.
 *
 * Of regression trees, and of classification trees whose classes weigh alike, it is the impurity that is taken away
 * (scikit-learn's `feature_importances_` before it is made to add up to 1; for two classes half of it). Of boosted trees it
 * is LightGBM's and XGBoost's gain where second derivatives are equal, as for numbers, and near it elsewhere. It favours
 * features of many values, for it is told on the rows that were trained on.
 */
export function gainByFeature(forest: Forest, covers: Float32Array, features: number): Float64Array {
  const { words, values, leaves, roots, objective } = forest
  const gain = new Float64Array(features)
  const width = leafWidth(forest)
  /** Of each node: what its leaves say in the mean. */
  const means = new Float64Array((words.length / 4) * width)
  for (let tree = 0; tree < roots.length; tree++) {
    const { root, end } = nodesOf(forest, tree)
    for (let node = end - 1; node >= root; node--) {
      const split = words[4 * node + 2]!
      if (split === LEAF) {
        const value = values[2 * node]!
        if (objective?.kind !== 'classes') means[node] = value
        else means.set(leaves.subarray(value * width, (value + 1) * width), node * width)
        continue
      }
      const left = words[4 * node + 3]!
      const both = covers[left]! + covers[left + 1]!
      const part = both > 0 ? covers[left]! / both : 0
      let squares = 0
      for (let k = 0; k < width; k++) {
        const a = means[left * width + k]!
        const b = means[(left + 1) * width + k]!
        means[node * width + k] = part * a + (1 - part) * b
        squares += (a - b) ** 2
      }
      if (covers[root]! > 0) gain[split & FEATURE_MASK]! += (both / covers[root]!) * part * (1 - part) * squares
    }
  }
  return gain
}
