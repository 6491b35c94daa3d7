import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { foldsOf, splitFold } from './folds.ts'
import { isHeldOut } from './holdout.ts'

const keys = Array.from({ length: 20_000 }, (_, i) => `user-${i}`)

test('the fold is the documented hash of the entity, about as many in each', () => {
  const folds = foldsOf(keys, 5)
  expect(folds[7]).toBe(Math.floor((Number.parseInt(hash('sha256', 'user-7').slice(24, 32), 16) / 2 ** 32) * 5))
  for (let fold = 0; fold < 5; fold++) {
    const { inside, outside } = splitFold(folds, fold)
    expect(inside.length + outside.length).toBe(keys.length)
    expect(Math.abs(inside.length / keys.length - 0.2)).toBeLessThan(0.01)
    expect(inside.every((row) => folds[row] === fold)).toBe(true)
  }
})

test('folds say nothing of the holdout', () => {
  const folds = foldsOf(keys, 5)
  const heldOut = keys.map((key) => isHeldOut(key, 0.25))
  for (let fold = 0; fold < 5; fold++) {
    const share = heldOut.filter((out, row) => out && folds[row] === fold).length / heldOut.filter(Boolean).length
    expect(Math.abs(share - 0.2)).toBeLessThan(0.02)
  }
})
