import { previousDouble } from '../../domain/interchange/float32.ts'
import type { ForeignNode, ForeignTree } from '../../domain/interchange/foreign-model.ts'
import { mustHold, refused } from '../../domain/interchange/refused.ts'
import type { Section } from './sections.ts'

const CATEGORICAL = 1
const DEFAULT_LEFT = 2
const MISSING = ['none', 'zero', 'nan'] as const
/** Up to this size a value is zero, and with `zero_as_missing` no value at all. A float32 in LightGBM. */
const ZERO = Math.fround(1e-35)
const MOST_LEAVES = 1 << 24

/**
 * One tree. Numbers are compared as float64 with `<=`, as here. What is missing follows `missing_type`: without one it
 * counts as 0; with `zero`, 0 is missing as well; categories that are missing go right.
 * (LightGBM, `Tree::NumericalDecision` and `Tree::CategoricalDecision` of include/LightGBM/tree.h.)
 */
export function readTree(section: Section, scale: number): ForeignTree {
  const leaves = section.whole('num_leaves', MOST_LEAVES)
  mustHold(leaves > 0, 'a tree has leaves')
  if (section.has('is_linear') && section.text('is_linear') !== '0') {
    throw refused('model_file_unsupported', 'leaves hold one value each', 'linear_tree')
  }
  const splits = leaves - 1
  const values = section.numbers('leaf_value', leaves)
  const leafCovers = covers(section, 'leaf_count', leaves)
  const nodes: ForeignNode[] = []
  const leafAt = splits
  if (splits > 0) {
    const features = section.wholes('split_feature', splits)
    const thresholds = section.numbers('threshold', splits)
    const decisions = section.wholes('decision_type', splits)
    const lefts = section.wholes('left_child', splits)
    const rights = section.wholes('right_child', splits)
    const splitCovers = covers(section, 'internal_count', splits)
    const sets = section.whole('num_cat', splits) > 0 ? categorySets(section) : []
    // Extra nodes for what zero does come after the leaves.
    const extra: ForeignNode[] = []
    for (let i = 0; i < splits; i++) {
      const child = (at: number): number => (at >= 0 ? at : leafAt + ~at)
      const node = { input: features[i]!, left: child(lefts[i]!), right: child(rights[i]!), cover: splitCovers[i]! }
      const decision = decisions[i]!
      mustHold(decision >= 0 && decision < 12, 'decision_type is known', decision)
      if (decision & CATEGORICAL) {
        const oneOf = sets[thresholds[i]!]
        mustHold(oneOf !== undefined, 'a split by categories has its set', thresholds[i]!)
        nodes.push({ ...node, test: { oneOf }, missingLeft: false })
        continue
      }
      const atMost = besideZero(thresholds[i]!)
      const zeroLeft = 0 <= atMost
      const defaultLeft = (decision & DEFAULT_LEFT) !== 0
      const missing = MISSING[decision >> 2]!
      const missingLeft = missing === 'none' ? zeroLeft : defaultLeft
      if (missing !== 'zero' || defaultLeft === zeroLeft) nodes.push({ ...node, test: { atMost }, missingLeft })
      else {
        const [first, ...others] = aroundZero(node, atMost, leafAt + leaves + extra.length)
        nodes.push(first)
        extra.push(...others)
      }
    }
    values.forEach((value, i) => void nodes.push({ value: value * scale, cover: leafCovers[i]! }))
    nodes.push(...extra)
    return nodes
  }
  return [{ value: values[0]! * scale, cover: leafCovers[0]! }]
}

/** Rows are read with 0 for what is within `ZERO` of it, so no threshold lies there. */
function besideZero(threshold: number): number {
  if (Math.abs(threshold) > ZERO) return threshold
  return threshold >= 0 ? ZERO : previousDouble(-ZERO)
}

/**
 * A threshold beside which 0 goes to the other side, as what is missing does: three questions, of which the second and
 * third are the nodes `first` and `first + 1`.
 */
function aroundZero(
  { input, left, right }: { readonly input: number; readonly left: number; readonly right: number },
  atMost: number,
  first: number,
): readonly [ForeignNode, ForeignNode, ForeignNode] {
  const split = (most: number, l: number, r: number, missingLeft: boolean): ForeignNode => {
    return { input, test: { atMost: most }, missingLeft, left: l, right: r, cover: null }
  }
  const below = previousDouble(-ZERO)
  const last = split(atMost, left, right, false)
  return atMost >= 0
    ? [split(below, left, first, false), split(ZERO, right, first + 1, true), last]
    : [split(ZERO, first, right, true), split(below, first + 1, left, false), last]
}

function covers(section: Section, key: string, length: number): readonly (number | null)[] {
  if (!section.has(key) || section.words(key).length !== length) return Array.from({ length }, () => null)
  return section.numbers(key, length)
}

const MOST_SET_WORDS = 1 << 20

/** The sets of categories of one tree: bit `code` of 32-bit words. */
function categorySets(section: Section): readonly ReadonlySet<number>[] {
  const count = section.whole('num_cat', MOST_LEAVES)
  const bounds = section.wholes('cat_boundaries', count + 1)
  const last = bounds.at(-1) ?? 0
  mustHold(last >= 0 && last <= MOST_SET_WORDS, 'sets of categories are small', last)
  const words = section.wholes('cat_threshold', last)
  return Array.from({ length: count }, (_, set) => {
    const from = bounds[set]!
    const to = bounds[set + 1]!
    mustHold(from >= 0 && from <= to && to <= last, 'sets of categories follow each other', `${from} to ${to}`)
    const codes = new Set<number>()
    for (let w = from; w < to; w++) {
      const word = words[w]!
      mustHold(word >= 0 && word < 2 ** 32, 'a set of categories has words of 32 bits', word)
      for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) codes.add((w - from) * 32 + bit)
    }
    return codes
  })
}
