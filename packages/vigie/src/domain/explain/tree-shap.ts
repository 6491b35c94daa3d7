import { CATEGORY, FEATURE_MASK, type Forest, LEAF, NULL_LEFT } from '../trees/packed.ts'
import { gaussLegendre, type Quadrature } from './quadrature.ts'
import { leafWidth, nodesOf, type TreePaths } from './tree-paths.ts'

/**
 * Path-dependent Shapley values of one tree (Lundberg et al. 2018) for one row: how much each feature moves the tree's
 * answer from its mean over the training rows, where a feature that is not known lets a row go both ways, by the shares
 * in which training rows went.
 *
 * On the way to a leaf each feature is a factor: `o` (1 when the row goes this way at all its splits, else 0) once it is
 * known, `z` (the share of rows) while it is not. By Owen's multilinear extension (1972) its Shapley value is
 *
 *     leaf * (o - z) * integral over t in (0, 1) of the product over all other features of (z (1 - t) + o t)
 *
 * whose integrand is a polynomial of a degree below the number of features on the way: Gauss-Legendre with half as many
 * points is exact. Products go down the tree and sums come back up, once for each point, so a tree costs its nodes times
 * its points, where the recursion of 2018 costs them times the square of its depth. All factors are positive, so nothing
 * cancels that was not there.
 *
 * A class, because V8 compiles methods once; and its room is used again.
 */
export class TreeExplainer {
  private readonly forest: Forest
  private readonly paths: TreePaths
  private readonly width: number
  /** 1 where the row passes all splits of the feature that leads to the node. */
  private passes = new Uint8Array(0)
  /** By node and point: the weight of the point times the factors above, and in a leaf times its value. */
  private products = new Float64Array(0)
  /** By node and point: the sum of the leaves below. */
  private sums = new Float64Array(0)
  /** By node that the row passes to, and point: 1 / (z (1 - t) + t). */
  private inverses = new Float64Array(0)

  constructor(forest: Forest, paths: TreePaths) {
    this.forest = forest
    this.paths = paths
    this.width = leafWidth(forest)
  }

  /**
   * Adds `scale` times the values of a tree that is filled in to `phi`: those of its output `k` from `from + k * stride`
   * on, one a feature.
   */
  explain(tree: number, row: Float64Array, phi: Float64Array, from: number, stride: number, scale: number): void {
    const { root, end } = nodesOf(this.forest, tree)
    // A single leaf says the same of every row.
    if (end - root === 1) return
    const rule = gaussLegendre(Math.max(1, Math.ceil(this.paths.features[tree]! / 2)))
    this.makeRoom((end - root) * rule.points.length, end - root)
    this.down(root, end, rule, row)
    for (let k = 0; k < this.width; k++) {
      this.putLeaves(root, end, rule.points.length, k, scale)
      this.up(root, end, rule, phi, from + k * stride)
    }
  }

  private makeRoom(numbers: number, nodes: number): void {
    if (this.passes.length < nodes) this.passes = new Uint8Array(nodes)
    if (this.products.length >= numbers) return
    this.products = new Float64Array(numbers)
    this.inverses = new Float64Array(numbers)
    // One output needs its products only until its leaves are put.
    this.sums = this.width === 1 ? this.products : new Float64Array(numbers)
  }

  private down(root: number, end: number, { points, weights }: Quadrature, row: Float64Array): void {
    const { words, values } = this.forest
    const { same, share } = this.paths
    const { passes, products, inverses } = this
    const count = points.length
    products.set(weights)
    for (let node = root; node < end; node++) {
      const split = words[4 * node + 2]!
      if (split === LEAF) continue
      const left = words[4 * node + 3]!
      const x = row[split & FEATURE_MASK]!
      let hot: number
      if (Number.isNaN(x)) hot = split & NULL_LEFT ? left : left + 1
      else if (split & CATEGORY) hot = left + 1 - ((words[4 * node + (x >> 5)]! >>> (x & 31)) & 1)
      else hot = left + Number(x > values[2 * node]!)
      const cold = 2 * left + 1 - hot
      const first = same[left]!
      const isNew = first < 0
      const isPassing = isNew || passes[first - root] === 1
      passes[hot - root] = isPassing ? 1 : 0
      passes[cold - root] = 0
      const p = (node - root) * count
      const h = (hot - root) * count
      const c = (cold - root) * count
      const z = share[hot]!
      const other = share[cold]!
      if (isNew) {
        for (let q = 0; q < count; q++) {
          const t = points[q]!
          const above = products[p + q]!
          const factor = z + (1 - z) * t
          inverses[h + q] = 1 / factor
          products[h + q] = above * factor
          products[c + q] = above * (other * (1 - t))
        }
      } else if (isPassing) {
        const i = (first - root) * count
        for (let q = 0; q < count; q++) {
          const t = points[q]!
          const above = products[p + q]! * inverses[i + q]!
          const factor = z + (1 - z) * t
          inverses[h + q] = 1 / factor
          products[h + q] = above * factor
          products[c + q] = above * (other * (1 - t))
        }
      } else {
        const before = share[first]!
        const toHot = before > 0 ? z / before : 0
        const toCold = before > 0 ? other / before : 0
        for (let q = 0; q < count; q++) {
          const above = products[p + q]!
          products[h + q] = above * toHot
          products[c + q] = above * toCold
        }
      }
    }
  }

  private putLeaves(root: number, end: number, count: number, k: number, scale: number): void {
    const { words, values, leaves } = this.forest
    const { products, sums, width } = this
    for (let node = root; node < end; node++) {
      if (words[4 * node + 2] !== LEAF) continue
      const value = scale * (width === 1 ? values[2 * node]! : leaves[values[2 * node]! * width + k]!)
      const at = (node - root) * count
      for (let q = at; q < at + count; q++) sums[q] = products[q]! * value
    }
  }

  /**
   * A split takes of the leaves below it what its own factor gives, and gives back what the feature's split above took of
   * them with the factor that is replaced. Where the row had failed that one, both are the same.
   */
  private up(root: number, end: number, { points, failed }: Quadrature, phi: Float64Array, from: number): void {
    const { words } = this.forest
    const { same, share } = this.paths
    const { passes, sums, inverses } = this
    const count = points.length
    for (let node = end - 1; node >= root; node--) {
      const split = words[4 * node + 2]!
      if (split === LEAF) continue
      const left = words[4 * node + 3]!
      const first = same[left]!
      const p = (node - root) * count
      if (first >= 0 && passes[first - root] === 0) {
        const l = (left - root) * count
        for (let q = 0; q < count; q++) sums[p + q] = sums[l + q]! + sums[l + count + q]!
        continue
      }
      const hot = passes[left - root] === 1 ? left : left + 1
      const h = (hot - root) * count
      const c = (2 * left + 1 - hot - root) * count
      let ofHot = 0
      let ofCold = 0
      let back = 0
      if (first < 0) {
        for (let q = 0; q < count; q++) {
          const a = sums[h + q]!
          const b = sums[c + q]!
          sums[p + q] = a + b
          ofHot += a * inverses[h + q]!
          ofCold += b * failed[q]!
        }
      } else {
        const i = (first - root) * count
        for (let q = 0; q < count; q++) {
          const a = sums[h + q]!
          const b = sums[c + q]!
          sums[p + q] = a + b
          ofHot += a * inverses[h + q]!
          ofCold += b * failed[q]!
          back += (a + b) * inverses[i + q]!
        }
        back *= 1 - share[first]!
      }
      phi[from + (split & FEATURE_MASK)]! += (1 - share[hot]!) * ofHot - ofCold - back
    }
  }
}
