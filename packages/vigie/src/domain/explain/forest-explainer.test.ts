import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FEATURE_MASK, type Forest, LEAF, leafValue } from '../trees/packed.ts'
import { packed, type ToldNode, toldTrees } from './fixtures/told-trees.ts'
import { ForestExplainer } from './forest-explainer.ts'

describe.each(toldTrees)('$name', ({ name, objective, trees, rows, contributions }) => {
  // XGBoost adds up float32.
  const digits = name.startsWith('XGBoost') ? 6 : 12
  const features = rows[0]!.length
  const explainer = explainerOver(packed(trees, objective), features)
  const bases = explainer.bases()

  test('the contributions are those of the library that grew the trees', () => {
    for (const [r, row] of rows.entries()) {
      const phi = explained(explainer, row, features)
      for (const [k, told] of contributions[r]!.entries()) {
        for (const [f, value] of told.entries()) {
          const own = f < features ? phi[k * features + f]! : bases[k]!
          expect(own, `row ${r}, output ${k}, feature ${f}`).toBeCloseTo(value, digits)
        }
      }
    }
  })
})

/** Trees of any shape over so many features, with covers that add up. */
function anyTree(features: number): fc.Arbitrary<readonly ToldNode[]> {
  const split = fc.record({
    feature: fc.nat(features - 1),
    threshold: fc.integer({ min: -3, max: 3 }),
    nullLeft: fc.nat(1),
    leftPart: fc.double({ min: 0.02, max: 0.98, noNaN: true }),
    value: fc.double({ min: -5, max: 5, noNaN: true }),
    isLeaf: fc.nat(4),
  })
  return fc.array(split, { minLength: 1, maxLength: 60 }).map((drawn) => {
    const covers = [1000]
    const nodes: ToldNode[] = []
    for (let at = 0; at < covers.length; at++) {
      const { feature, threshold, nullLeft, leftPart, value, isLeaf } = drawn[at % drawn.length]!
      if (isLeaf === 0 || covers.length > 40) nodes.push([LEAF, value, 0, covers[at]!, 0])
      else {
        nodes.push([feature, threshold, nullLeft, covers[at]!, covers.length])
        covers.push(covers[at]! * leftPart, covers[at]! * (1 - leftPart))
      }
    }
    return nodes
  })
}

const FEATURES = 5
const anyRow = fc.array(fc.option(fc.integer({ min: -4, max: 4 }), { freq: 6 }), {
  minLength: FEATURES,
  maxLength: FEATURES,
})

test('contributions are the Shapley values by their definition, over all sets of features', () => {
  fc.assert(
    fc.property(anyTree(FEATURES), anyRow, (tree, row) => {
      const forest = packed([tree], { kind: 'sum', base: 0 })
      const phi = explained(explainerOver(forest, FEATURES), row, FEATURES)
      const byDefinition = shapley(FEATURES, (known) => gameValue(forest, 0, valuesOf(row), known))
      for (let f = 0; f < FEATURES; f++) expect(phi[f]).toBeCloseTo(byDefinition[f]!, 10)
    }),
    { numRuns: 300 },
  )
})

test('the base and all contributions add up to the raw score, and a feature that no tree splits has none', () => {
  fc.assert(
    fc.property(fc.array(anyTree(FEATURES), { minLength: 1, maxLength: 8 }), anyRow, (trees, row) => {
      const forest = packed(trees, { kind: 'logistic', base: 0.25 })
      const explainer = explainerOver(forest, FEATURES + 1)
      const phi = explained(explainer, row, FEATURES + 1)
      let score = 0.25
      for (const root of forest.roots) score += leafValue(forest, root, valuesOf(row), 0)
      expect(explainer.bases()[0]! + phi.reduce((sum, value) => sum + value, 0)).toBeCloseTo(score, 9)
      expect(phi[FEATURES]).toBe(0)
    }),
    { numRuns: 300 },
  )
})

function explainerOver(forest: Forest, features: number): ForestExplainer {
  return new ForestExplainer(forest, forest.covers!, features)
}

function explained(explainer: ForestExplainer, row: readonly (number | null)[], features: number): Float64Array {
  const phi = new Float64Array(explainer.outputs * features)
  for (const _ of explainer.explain(valuesOf(row), phi));
  return phi
}

function valuesOf(row: readonly (number | null)[]): Float64Array {
  return Float64Array.from(row, (x) => x ?? Number.NaN)
}

/** What a tree is expected to say when only the features in the set are known. */
function gameValue(forest: Forest, node: number, row: Float64Array, known: number): number {
  const { words, values, covers } = forest
  const split = words[4 * node + 2]!
  if (split === LEAF) return values[2 * node]!
  const left = words[4 * node + 3]!
  const feature = split & FEATURE_MASK
  const side = (child: number) => gameValue(forest, child, row, known)
  if ((known >> feature) & 1) {
    const x = row[feature]!
    const goesLeft = Number.isNaN(x) ? split >> 16 === 1 : x <= values[2 * node]!
    return side(goesLeft ? left : left + 1)
  }
  const both = covers![left]! + covers![left + 1]!
  return (covers![left]! * side(left) + covers![left + 1]! * side(left + 1)) / both
}

function shapley(players: number, value: (set: number) => number): number[] {
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
  const size = (set: number): number => (set === 0 ? 0 : (set & 1) + size(set >> 1))
  return Array.from({ length: players }, (_, i) => {
    let sum = 0
    for (let set = 0; set < 1 << players; set++) {
      if ((set >> i) & 1) continue
      const weight = (factorial(size(set)) * factorial(players - size(set) - 1)) / factorial(players)
      sum += weight * (value(set | (1 << i)) - value(set))
    }
    return sum
  })
}
