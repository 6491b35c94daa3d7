import { expect, test } from 'vitest'
import { shouldPromote } from './should-promote.ts'

test.each([
  // What the reference stack recorded on the real months: clean, after overwritten labels, and shuffled.
  [0.6397375836562171, 0.469682986967242, true],
  [0.6397375836562171, 0.8264538569918987, false],
  [0.6397375836562171, 0.9527395209580838, false],
  [0.76, 0.75, false],
  [0.7601, 0.75, true],
  [0.6, null, true],
  [Number.NaN, 0.5, false],
  [Number.NaN, null, false],
  [0.6, Number.NaN, false],
])('an AUC of %d against %d with a delta of 0.01: %s', (newAuc, prodAuc, promoted) => {
  expect(shouldPromote(newAuc, prodAuc, 0.01)).toBe(promoted)
})
