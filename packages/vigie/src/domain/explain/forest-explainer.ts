import type { Forest } from '../trees/packed.ts'
import { leafWidth, TreePaths } from './tree-paths.ts'
import { TreeExplainer } from './tree-shap.ts'

/** Explains rows of a forest that knows how many training rows came to each node. */
export class ForestExplainer {
  /** Numbers that the trees add up to: 1, or one for each class. */
  readonly outputs: number
  private readonly forest: Forest
  private readonly features: number
  private readonly paths: TreePaths
  private readonly trees: TreeExplainer
  /** Trees of a sum count whole, those of a mean by their part. */
  private readonly scale: number

  constructor(forest: Forest, covers: Float32Array, features: number) {
    const { objective, roots } = forest
    this.forest = forest
    this.features = features
    this.outputs = objective?.kind === 'softmax' ? objective.bases.length : leafWidth(forest)
    this.paths = new TreePaths(forest, covers)
    this.trees = new TreeExplainer(forest, this.paths)
    this.scale = objective === null || objective.kind === 'classes' ? 1 / roots.length : 1
  }

  /**
   * Writes the contributions to the sum (or mean) of the trees into `phi`: output `k`, feature `f` at
   * `k * features + f`. Stops after each tree, so that other work gets its turn.
   */
  *explain(row: Float64Array, phi: Float64Array): Generator<void, void> {
    const { features, outputs, forest, paths, trees, scale } = this
    phi.fill(0, 0, outputs * features)
    for (let tree = 0; tree < forest.roots.length; tree++) {
      paths.need(tree)
      trees.explain(tree, row, phi, this.outputOf(tree) * features, features, scale)
      yield
    }
  }

  /** What the trees add up to in the mean over the training rows: contributions are what a row differs by from it. */
  bases(): Float64Array {
    const { objective, roots } = this.forest
    const bases = new Float64Array(this.outputs)
    if (objective?.kind === 'softmax') bases.set(objective.bases)
    else if (objective !== null && 'base' in objective) bases[0] = objective.base
    const width = leafWidth(this.forest)
    for (let tree = 0; tree < roots.length; tree++) {
      this.paths.need(tree)
      const at = this.outputOf(tree)
      for (let k = 0; k < width; k++) bases[at + k]! += this.scale * this.paths.expected[tree * width + k]!
    }
    return bases
  }

  /** The first output that a tree adds to. */
  private outputOf(tree: number): number {
    const { objective } = this.forest
    return objective?.kind === 'softmax' ? tree % objective.bases.length : 0
  }
}
