import { FEATURE_MASK, type Forest, LEAF } from '../trees/packed.ts'

/** Numbers that one tree adds to: 1, or one for each class of leaves that hold as many. */
export function leafWidth({ objective }: Forest): number {
  return objective?.kind === 'classes' ? objective.classes : 1
}

/** The nodes of one tree: from its root up to, not including, `end`. */
export function nodesOf({ roots, words }: Forest, tree: number): { readonly root: number; readonly end: number } {
  return { root: roots[tree]!, end: tree + 1 < roots.length ? roots[tree + 1]! : words.length / 4 }
}

/** What the trees of a forest are to every row that is explained: found tree by tree, as they are first needed. */
export class TreePaths {
  /**
   * Of each node: the nearest node on the way to it, itself left out, that was also reached by a split of the feature
   * that leads here; -1 when no split above is of that feature.
   */
  readonly same: Int32Array
  /** Of each node: share of the training rows that the splits of that feature, from its first one on, let through to here. */
  readonly share: Float64Array
  /** Of each tree: the most different features on one way to a leaf. */
  readonly features: Int32Array
  /** Of each tree and each number that it adds to: its mean over the training rows. */
  readonly expected: Float64Array
  private readonly forest: Forest
  private readonly covers: Float32Array
  private filled = 0

  // Of each node of the tree that is being filled in.
  private parent = new Int32Array(0)
  /** How many different features lead to it. */
  private distinct = new Int32Array(0)
  /** Share of the training rows that come to it. */
  private reach = new Float64Array(0)

  constructor(forest: Forest, covers: Float32Array) {
    const nodes = forest.words.length / 4
    this.forest = forest
    this.covers = covers
    this.same = new Int32Array(nodes)
    this.share = new Float64Array(nodes)
    this.features = new Int32Array(forest.roots.length)
    this.expected = new Float64Array(forest.roots.length * leafWidth(forest))
  }

  /** Fills in the trees up to this one, which is next or was filled in before. */
  need(tree: number): void {
    if (tree < this.filled) return
    this.fill(tree)
    this.filled = tree + 1
  }

  private fill(tree: number): void {
    const { words } = this.forest
    const { same, share, covers } = this
    const { root, end } = nodesOf(this.forest, tree)
    if (this.parent.length < end - root) {
      this.parent = new Int32Array(end - root)
      this.distinct = new Int32Array(end - root)
      this.reach = new Float64Array(end - root)
    }
    const { parent, distinct, reach } = this
    distinct[0] = 0
    reach[0] = 1
    same[root] = -1
    share[root] = 1
    for (let node = root; node < end; node++) {
      const split = words[4 * node + 2]!
      if (split === LEAF) {
        this.features[tree] = Math.max(this.features[tree]!, distinct[node - root]!)
        this.expect(tree, node, reach[node - root]!)
        continue
      }
      const feature = split & FEATURE_MASK
      const left = words[4 * node + 3]!
      let first = node
      while (first > root && (words[4 * parent[first - root]! + 2]! & FEATURE_MASK) !== feature) {
        first = parent[first - root]!
      }
      const isNew = first === root
      const both = covers[left]! + covers[left + 1]!
      for (let child = left; child <= left + 1; child++) {
        const part = both > 0 ? covers[child]! / both : 0
        parent[child - root] = node
        same[child] = isNew ? -1 : first
        share[child] = isNew ? part : share[first]! * part
        distinct[child - root] = distinct[node - root]! + (isNew ? 1 : 0)
        reach[child - root] = reach[node - root]! * part
      }
    }
  }

  private expect(tree: number, leaf: number, share: number): void {
    const { values, leaves, objective } = this.forest
    const value = values[2 * leaf]!
    if (objective?.kind !== 'classes') this.expected[tree]! += share * value
    else {
      const { classes } = objective
      for (let k = 0; k < classes; k++) this.expected[tree * classes + k]! += share * leaves[value * classes + k]!
    }
  }
}
