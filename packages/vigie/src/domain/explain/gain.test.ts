import { expect, test } from 'vitest'
import { packed, toldTrees } from './fixtures/told-trees.ts'
import { gainByFeature } from './gain.ts'

test.each(toldTrees.filter(({ importance }) => importance))('$name: the impurity that its splits take away', (told) => {
  const forest = packed(told.trees, told.objective)
  const gain = gainByFeature(forest, forest.covers!, told.rows[0]!.length)
  // Gini of two classes counts both of them.
  const classes = told.name.includes('two classes') ? 2 : 1
  for (const [f, importance] of told.importance!.entries()) {
    expect((classes * gain[f]!) / told.trees.length).toBeCloseTo(importance, 10)
  }
})
