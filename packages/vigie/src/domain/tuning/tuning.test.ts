import { expect, test } from 'vitest'
import { between, gradientBoosting, logisticRegression, oneOf, randomForest, tuned, wholeBetween } from '../trainer.ts'
import { drawTrials } from './draw-trials.ts'
import { ranked, survivors } from './halving.ts'

const search = tuned(
  gradientBoosting(),
  {
    learningRate: between(0.01, 0.3, 'log'),
    leaves: wholeBetween(4, 8),
    rowFraction: between(0.5, 1),
    l2: oneOf(0, 5),
  },
  { trials: 400, seed: 3 },
)

test('trials begin with the trainer as it is given, and lie in the space', () => {
  const trials = drawTrials(search)
  expect(trials).toHaveLength(400)
  expect(trials[0]).toEqual({ candidate: 0, parameters: {}, trainer: gradientBoosting() })
  const drawn = trials.slice(1).map(({ trainer }) => trainer as ReturnType<typeof gradientBoosting>)
  for (const { learningRate, leaves, rowFraction, l2, minSamplesLeaf } of drawn) {
    expect(learningRate).toBeGreaterThanOrEqual(0.01)
    expect(learningRate).toBeLessThanOrEqual(0.3)
    expect([4, 5, 6, 7, 8]).toContain(leaves)
    expect(rowFraction).toBeGreaterThanOrEqual(0.5)
    expect(rowFraction).toBeLessThanOrEqual(1)
    expect([0, 5]).toContain(l2)
    expect(minSamplesLeaf).toBe(20)
  }
  const counts = [4, 5, 6, 7, 8].map((n) => drawn.filter(({ leaves }) => leaves === n).length)
  for (const count of counts) expect(count).toBeGreaterThan(50)
  // Half of a log range lies below its geometric mean.
  const low = drawn.filter(({ learningRate }) => learningRate < Math.sqrt(0.01 * 0.3)).length
  expect(Math.abs(low / drawn.length - 0.5)).toBeLessThan(0.1)
})

test('the same seed draws the same, whatever the order of the space', () => {
  expect(drawTrials(search)).toEqual(drawTrials(search))
  const [{ trainer, space }] = search.candidates as [(typeof search.candidates)[0]]
  const turned = { ...search, candidates: [{ trainer, space: Object.fromEntries(Object.entries(space).reverse()) }] }
  expect(drawTrials(turned)).toEqual(drawTrials(search))
  expect(drawTrials({ ...search, seed: 4 })).not.toEqual(drawTrials(search))
})

test('no setting is tried twice, and a small space is searched once', () => {
  const trials = drawTrials(tuned(randomForest(), { minSamplesLeaf: oneOf(1, 5, 20) }, { trials: 50 }))
  // 1 is what the forest has as it is given.
  expect(trials.map(({ parameters }) => parameters.minSamplesLeaf).sort()).toEqual([20, 5, undefined])
})

test('several trainers are searched in turn, and those without a space are tried once', () => {
  const trials = drawTrials(
    tuned([logisticRegression(), tuned(randomForest(), { maxDepth: wholeBetween(2, 90) }), search], { trials: 13 }),
  )
  expect(trials.map(({ candidate }) => candidate)).toEqual([0, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2])
})

test('the better half goes on, with all trainers as they are given', () => {
  const values = [[0.1], [0.5], [0.9], [0.7], [0.7], [0.8], [0.2], [0.3], [0.4]]
  const all = [...values.keys()]
  expect(survivors(all, values, 1, false)).toEqual([0, 2, 3, 4, 5])
  expect(survivors(all, values, 1, true)).toEqual([0, 1, 6, 7, 8])
  expect(survivors([0, 5, 6], values, 1, false)).toEqual([0, 5, 6])
  expect(survivors([0, 1], values, 1, false)).toEqual([0, 1])
})

test('of equal trials the earlier is the better', () => {
  expect(
    ranked(
      [0, 1, 2],
      [
        [1, 2],
        [2, 1],
        [1.5, 1.6],
      ],
      false,
    ),
  ).toEqual([2, 0, 1])
  expect(ranked([2, 1, 0], [[1], [1], [1]], true)).toEqual([0, 1, 2])
})
