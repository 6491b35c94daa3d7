import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { FeatureSpec } from '../feature-spec.ts'
import { type Target, TRUE_OR_FALSE } from '../model/target.ts'
import { type RandomForest, randomForest } from '../trainer.ts'
import { binFeatures } from './bins.ts'
import { growTrees } from './forest.ts'
import { predictColumns } from './packed.ts'
import { forestColumns } from './score-forest.ts'
import { trainingSet } from './training-set.ts'

interface Case {
  readonly name: string
  readonly minSamplesLeaf: number
  readonly maxDepth: number | null
  readonly classWeight: RandomForest['classWeight']
  readonly columns: readonly (readonly (number | null)[])[]
  readonly label: readonly number[]
  /** For each tree the probabilities of all rows; several where features tie and scikit-learn draws lots. */
  readonly trees: readonly (readonly (readonly number[])[])[]
}

// Made by fixtures/scikit_learn_trees.py with scikit-learn 1.9.1 on the same bootstrap samples.
const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('./fixtures/scikit-learn-trees.json', import.meta.url), 'utf8'),
)

function specOf(columns: readonly Float64Array[]): FeatureSpec {
  return columns.map((_, f) => ({ name: `v.f${f}`, view: 'v', feature: `f${f}`, type: 'float', optional: true }))
}

function columnsOf(given: Pick<Case, 'columns'>): Float64Array[] {
  return given.columns.map((column) => Float64Array.from(column, (v) => v ?? Number.NaN))
}

test.each(cases)('with all features at each split, trees are those of scikit-learn: $name', (given) => {
  const { minSamplesLeaf, maxDepth, classWeight, label, trees } = given
  const columns = columnsOf(given)
  const spec = specOf(columns)
  const trainer = randomForest({ trees: 3, seed: 42, maxFeatures: 'all', minSamplesLeaf, maxDepth, classWeight })
  const set = trainingSet(binFeatures(spec, columns, label.length), {
    target: TRUE_OR_FALSE,
    label: Float64Array.from(label),
    classWeight,
  })
  trees.forEach((grownByScikitLearn, t) => {
    const ours = predictColumns(growTrees(set, trainer, t, t + 1), columns, label.length)
    const furthest = grownByScikitLearn.map((theirs) => Math.max(...theirs.map((p, i) => Math.abs(p - ours[i]!))))
    expect(Math.min(...furthest)).toBeLessThan(1e-12)
  })
})

interface GeneralCase extends Omit<Case, 'maxDepth'> {
  readonly target: Target['kind']
  readonly weight: readonly number[] | null
}

// Made by fixtures/scikit_learn_trees.py in the same way.
const generalCases: readonly GeneralCase[] = JSON.parse(
  readFileSync(new URL('./fixtures/scikit-learn-general-trees.json', import.meta.url), 'utf8'),
)

const targets: Readonly<Record<Target['kind'], Target>> = {
  binary: TRUE_OR_FALSE,
  classes: { kind: 'classes', classes: ['a', 'b', 'c'] },
  number: { kind: 'number' },
}

test.each(generalCases)('so are those of other targets and of weighted rows: $name', (given) => {
  const { minSamplesLeaf, classWeight, label, weight, trees } = given
  const columns = columnsOf(given)
  const trainer = randomForest({ trees: 3, seed: 42, maxFeatures: 'all', minSamplesLeaf, classWeight })
  const set = trainingSet(binFeatures(specOf(columns), columns, label.length), {
    target: targets[given.target],
    label: Float64Array.from(label),
    classWeight,
    weight: weight && Float64Array.from(weight),
  })
  trees.forEach((grownByScikitLearn, t) => {
    const ours = forestColumns(growTrees(set, trainer, t, t + 1), columns, label.length)
    const furthest = grownByScikitLearn.map((theirs) => Math.max(...theirs.map((p, i) => Math.abs(p - ours[i]!))))
    expect(Math.min(...furthest)).toBeLessThan(1e-12)
  })
})
