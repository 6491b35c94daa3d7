/**
 * What the leaves of a forest add up to. `logistic`: the log-odds of class 1; `sum`: a number; `softmax`: the log-odds of
 * each class, tree `t` being of class `t` modulo their number. Sums begin at `base`. `classes`: nothing is added up, a
 * leaf's value is the index of its row in the table of leaves, and the answer is the mean of those rows.
 */
export type Objective =
  | { readonly kind: 'logistic'; readonly base: number }
  | { readonly kind: 'sum'; readonly base: number }
  | { readonly kind: 'softmax'; readonly bases: readonly number[] }
  | { readonly kind: 'classes'; readonly classes: number }

/**
 * A forest as it is served: 16 bytes a node in one buffer, children side by side after their parent.
 *
 * Node `k` is `words[4k .. 4k+3]`; its first two words are also the float64 `values[2k]`.
 * - words 0, 1: threshold (float64), or the mask of the categories that go left (bit `code`), or the value of a leaf
 * - word 2: -1 for a leaf, else the feature's index with the flags below
 * - word 3: index of the left child; the right one follows it. 0 for a leaf
 *
 * Values of 300 full-depth trees are read in tens of microseconds a row this way: one cache line holds four nodes, and
 * generated code was slower and took gigabytes.
 */
export interface Forest {
  /** Index of each tree's root. Tree `t` is the nodes from its root to the next tree's. */
  readonly roots: Int32Array
  readonly words: Int32Array
  readonly values: Float64Array
  /** Null: leaves are probabilities of class 1, or numbers, and their mean is the answer. */
  readonly objective: Objective | null
  /** Of the objective `classes`: a probability for each class, row by row; empty otherwise. */
  readonly leaves: Float64Array
  /** Training rows that came to each node, for explanations; null where nobody counted. */
  readonly covers: Float32Array | null
}

export const NODE_BYTES = 16
export const LEAF = -1
export const FEATURE_MASK = 0xffff
/** Null goes to the left child. */
export const NULL_LEFT = 1 << 16
/** The split is a set of categories and not a threshold. */
export const CATEGORY = 1 << 17
/** Keeps `4 * node + 3` a 31-bit integer. */
export const MAX_NODES = 1 << 28
/** Greatest size of a leaf or base that is no probability: as many as there can be add up to a finite number. */
export const MAX_STEP = 1e18

const NO_LEAVES = new Float64Array(0)

/** Views of one buffer of nodes; `buffer` must be aligned to 8 bytes at `offset`. */
export function forestOver(
  roots: Int32Array,
  buffer: ArrayBufferLike,
  offset: number,
  nodes: number,
  objective: Objective | null = null,
  { leaves = NO_LEAVES, covers = null }: { readonly leaves?: Float64Array; readonly covers?: Float32Array | null } = {},
): Forest {
  return {
    objective,
    leaves,
    covers,
    roots,
    words: new Int32Array(buffer, offset, nodes * 4),
    values: new Float64Array(buffer, offset, nodes * 2),
  }
}

/**
 * The one number that a forest answers (`hasOneOutput`): the probability of class 1, or a number. The mean of the trees'
 * leaves, their sum, or the logistic function of it. `row` holds the features in the order of the spec, NaN for null and
 * category codes within the spec.
 */
export function predictRow(forest: Forest, row: Float64Array): number {
  const { roots, words, values, objective } = forest
  let sum = start(objective)
  let tree = 0
  // Four trees in step: the processor waits for the nodes of one while it works on another. Almost halves the time.
  for (; tree + 4 <= roots.length; tree += 4) {
    let a = roots[tree]!
    let b = roots[tree + 1]!
    let c = roots[tree + 2]!
    let d = roots[tree + 3]!
    for (;;) {
      const splitA = words[4 * a + 2]!
      const splitB = words[4 * b + 2]!
      const splitC = words[4 * c + 2]!
      const splitD = words[4 * d + 2]!
      if ((splitA & splitB & splitC & splitD) === LEAF) break // LEAF is all ones
      if (splitA !== LEAF) a = childFor(words, values, a, splitA, row, 0)
      if (splitB !== LEAF) b = childFor(words, values, b, splitB, row, 0)
      if (splitC !== LEAF) c = childFor(words, values, c, splitC, row, 0)
      if (splitD !== LEAF) d = childFor(words, values, d, splitD, row, 0)
    }
    // One by one, in the order in which predictColumns adds: equal to the last bit.
    sum += values[2 * a]!
    sum += values[2 * b]!
    sum += values[2 * c]!
    sum += values[2 * d]!
  }
  for (; tree < roots.length; tree++) sum += leafValue(forest, roots[tree]!, row, 0)
  return answer(objective, sum, roots.length)
}

/** `predictRow` for every row of the columns, to the same bits. */
export function predictColumns(forest: Forest, columns: readonly Float64Array[], rows: number): Float64Array {
  const { roots, objective } = forest
  const width = columns.length
  const sums = new Float64Array(rows)
  sums.fill(start(objective))
  // A tree stays in the nearest cache while a block of rows walks it.
  const block = new Float64Array(Math.min(rows, 4096) * width)
  for (let from = 0; from < rows; from += 4096) {
    const end = Math.min(rows, from + 4096)
    for (let f = 0; f < width; f++) {
      const column = columns[f]!
      for (let i = from; i < end; i++) block[(i - from) * width + f] = column[i]!
    }
    for (const root of roots) addTree(forest, root, block, width, sums.subarray(from, end))
  }
  for (let i = 0; i < rows; i++) sums[i] = answer(objective, sums[i]!, roots.length)
  return sums
}

/** Adds the leaf that each row of the block comes to. Four rows in step, for the reason that `predictRow` has. */
function addTree(forest: Forest, root: number, block: Float64Array, width: number, sums: Float64Array): void {
  const { words, values } = forest
  let row = 0
  for (; row + 4 <= sums.length; row += 4) {
    const offset = row * width
    let a = root
    let b = root
    let c = root
    let d = root
    for (;;) {
      const splitA = words[4 * a + 2]!
      const splitB = words[4 * b + 2]!
      const splitC = words[4 * c + 2]!
      const splitD = words[4 * d + 2]!
      if ((splitA & splitB & splitC & splitD) === LEAF) break
      if (splitA !== LEAF) a = childFor(words, values, a, splitA, block, offset)
      if (splitB !== LEAF) b = childFor(words, values, b, splitB, block, offset + width)
      if (splitC !== LEAF) c = childFor(words, values, c, splitC, block, offset + 2 * width)
      if (splitD !== LEAF) d = childFor(words, values, d, splitD, block, offset + 3 * width)
    }
    sums[row]! += values[2 * a]!
    sums[row + 1]! += values[2 * b]!
    sums[row + 2]! += values[2 * c]!
    sums[row + 3]! += values[2 * d]!
  }
  for (; row < sums.length; row++) sums[row]! += leafValue(forest, root, block, row * width)
}

/** 1 / (1 + e^-x): the probability that has the log-odds `x`. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** False for several classes. */
export function hasOneOutput({ objective }: Forest): boolean {
  return objective === null || objective.kind === 'logistic' || objective.kind === 'sum'
}

function start(objective: Objective | null): number {
  return objective !== null && 'base' in objective ? objective.base : 0
}

function answer(objective: Objective | null, sum: number, trees: number): number {
  if (objective === null) return sum / trees
  return objective.kind === 'logistic' ? logistic(sum) : sum
}

/** Value of the leaf that a row comes to. The row begins at `offset`. */
export function leafValue({ words, values }: Forest, root: number, row: Float64Array, offset: number): number {
  let node = root
  for (let split = words[4 * node + 2]!; split !== LEAF; split = words[4 * node + 2]!) {
    node = childFor(words, values, node, split, row, offset)
  }
  return values[2 * node]!
}

/** Where the row goes from a node. Sides are added and not chosen: which one comes next cannot be predicted. */
function childFor(
  words: Int32Array,
  values: Float64Array,
  node: number,
  split: number,
  row: Float64Array,
  offset: number,
): number {
  const x = row[offset + (split & FEATURE_MASK)]!
  const left = words[4 * node + 3]!
  if (Number.isNaN(x)) return split & NULL_LEFT ? left : left + 1
  if (split & CATEGORY) return left + 1 - ((words[4 * node + (x >> 5)]! >>> (x & 31)) & 1)
  return left + Number(x > values[2 * node]!)
}
