import type { Levels } from './levels.ts'

/** Rows of a node. */
export interface Side {
  /** Draws of class 0 and of class 1. */
  zeros: number
  ones: number
  /** Distinct rows. */
  rows: number
}

/** The best split of a node so far, and who goes left by it. */
export interface Split {
  /** Higher is purer; -Infinity while there is none. */
  score: number
  feature: number
  /** Distinct rows of the left side, and in forests of two classes its draws of class 0 and of class 1. */
  leftRows: number
  leftZeros: number
  leftOnes: number
  /** Numeric: the last bin that goes left, and the next bin among the node's rows (0: only nulls go right). */
  lastLeft: number
  firstRight: number
  /** Whether nulls go left; null when the node has none. */
  nullLeft: boolean | null
  /** Category: the node's bins (null's bin 0 included) by rising share of class 1, how many, and how many go left. */
  readonly categories: Int32Array
  categoryCount: number
  leftCategories: number
  /** Room to work in. */
  readonly ranked: Int32Array
}

export interface SplitRules {
  /** Weight of a row of class 0 and of class 1. */
  readonly weights: readonly [number, number]
  /** Least distinct rows on either side. */
  readonly minRows: number
}

export function emptySplit(): Split {
  return {
    score: -Infinity,
    feature: -1,
    leftRows: 0,
    leftZeros: 0,
    leftOnes: 0,
    lastLeft: 0,
    firstRight: 0,
    nullLeft: null,
    categories: new Int32Array(256),
    categoryCount: 0,
    leftCategories: 0,
    ranked: new Int32Array(256),
  }
}

/**
 * Tries every threshold of one numeric feature with its nulls on the right, then on the left, then values against
 * nulls. Keeps the best in `best`; the first of equals stays.
 */
export function tryThresholds(best: Split, feature: number, levels: Levels, node: Side, rules: SplitRules): void {
  const { bin, zeros, ones, rows, count } = levels
  if (bin[0] !== 0) {
    scanThresholds(best, feature, levels, node, rules, null)
    return
  }
  scanThresholds(best, feature, levels, node, rules, false)
  scanThresholds(best, feature, levels, node, rules, true)
  const valueZeros = node.zeros - zeros[0]!
  const valueOnes = node.ones - ones[0]!
  const valueRows = node.rows - rows[0]!
  const score = splitScore(valueZeros, valueOnes, valueRows, node, rules)
  if (score > best.score) {
    keep(best, score, feature, valueZeros, valueOnes, valueRows)
    keepThreshold(best, bin[count - 1]!, 0, false)
  }
}

function scanThresholds(
  best: Split,
  feature: number,
  levels: Levels,
  node: Side,
  rules: SplitRules,
  nullLeft: boolean | null,
): void {
  const { bin, zeros, ones, rows, count } = levels
  let leftZeros = nullLeft ? zeros[0]! : 0
  let leftOnes = nullLeft ? ones[0]! : 0
  let leftRows = nullLeft ? rows[0]! : 0
  for (let i = nullLeft === null ? 0 : 1; i < count - 1; i++) {
    leftZeros += zeros[i]!
    leftOnes += ones[i]!
    leftRows += rows[i]!
    const score = splitScore(leftZeros, leftOnes, leftRows, node, rules)
    if (score > best.score) {
      keep(best, score, feature, leftZeros, leftOnes, leftRows)
      keepThreshold(best, bin[i]!, bin[i + 1]!, nullLeft)
    }
  }
}

/**
 * Tries sets of categories of one feature, null as one more category. For two classes the best of all sets is a prefix
 * of the categories ordered by their share of class 1 (Breiman et al. 1984, theorem 4.5), so only prefixes are tried.
 * Prefixes that leave too few rows on a side are passed over; a set that is no prefix is not looked for then.
 */
export function tryCategories(best: Split, feature: number, levels: Levels, node: Side, rules: SplitRules): void {
  const { bin, zeros, ones, rows, count } = levels
  const { ranked } = best
  for (let i = 0; i < count; i++) {
    let at = i
    // Shares compared as products of whole numbers: equal shares are equal exactly.
    for (; at > 0; at--) {
      const other = ranked[at - 1]!
      const share = ones[i]! * (zeros[other]! + ones[other]!)
      if (ones[other]! * (zeros[i]! + ones[i]!) <= share) break
      ranked[at] = other
    }
    ranked[at] = i
  }
  let leftZeros = 0
  let leftOnes = 0
  let leftRows = 0
  let improved = false
  for (let i = 0; i < count - 1; i++) {
    const level = ranked[i]!
    leftZeros += zeros[level]!
    leftOnes += ones[level]!
    leftRows += rows[level]!
    const score = splitScore(leftZeros, leftOnes, leftRows, node, rules)
    if (score > best.score) {
      keep(best, score, feature, leftZeros, leftOnes, leftRows)
      best.leftCategories = i + 1
      improved = true
    }
  }
  if (!improved) return
  best.nullLeft = null
  best.categoryCount = count
  for (let i = 0; i < count; i++) {
    best.categories[i] = bin[ranked[i]!]!
    if (best.categories[i] === 0) best.nullLeft = i < best.leftCategories
  }
}

/**
 * Sum over both sides of (W0^2 + W1^2) / (W0 + W1) with W the weighted rows of a class: the weighted Gini impurity
 * with what is the same for all splits of a node left out, and its sign turned. -Infinity where a side is too small.
 */
function splitScore(zeros: number, ones: number, rows: number, node: Side, rules: SplitRules): number {
  if (rows < rules.minRows || node.rows - rows < rules.minRows) return -Infinity
  const weight0 = rules.weights[0]
  const weight1 = rules.weights[1]
  const left0 = zeros * weight0
  const left1 = ones * weight1
  const right0 = (node.zeros - zeros) * weight0
  const right1 = (node.ones - ones) * weight1
  return (left0 * left0 + left1 * left1) / (left0 + left1) + (right0 * right0 + right1 * right1) / (right0 + right1)
}

function keep(best: Split, score: number, feature: number, zeros: number, ones: number, rows: number): void {
  best.score = score
  best.feature = feature
  best.leftZeros = zeros
  best.leftOnes = ones
  best.leftRows = rows
}

export function keepThreshold(best: Split, lastLeft: number, firstRight: number, nullLeft: boolean | null): void {
  best.lastLeft = lastLeft
  best.firstRight = firstRight
  best.nullLeft = nullLeft
}
