import { expect, test } from 'vitest'
import { gateVectors } from '../../../test/vectors.ts'
import { alphaOfLook, type Look, numberOfLook } from './alpha-spending.ts'

const { alpha, looks, table, sumAll } = gateVectors.alphaSpending

test('half of the error goes to the first look, the rest evenly to the others, and none is left after', () => {
  for (const [look, spent] of Object.entries(table)) expect(alphaOfLook(Number(look), alpha, looks)).toBe(spent)
  const all = Array.from({ length: 100 }, (_, i) => alphaOfLook(i + 1, alpha, looks))
  expect(all.reduce((sum, a) => sum + a, 0)).toBeCloseTo(sumAll, 12)
})

test('the counter of a year of looks, promotions, retries and a rollback', () => {
  let reignBegan = 0
  let ledger: Look[] = []
  for (const { event, day, windowStart = day, counterAfter, alpha: spent } of gateVectors.alphaCounter.events) {
    const next: Look = {
      challenger: `trained on day ${day}`,
      rowsHash: `rows of day ${day}`,
      metric: 'auc',
      windowStart,
    }
    if (event === 'promote') {
      reignBegan = day
      ledger = []
    } else if (event === 'compare' || event === 'retry_same_pair_same_rows') {
      const number = numberOfLook(next, ledger, reignBegan)
      if (event === 'compare') ledger.push(next)
      expect({ event, day, number }).toEqual({ event, day, number: counterAfter })
      expect(alphaOfLook(number, alpha, looks)).toBe(spent)
    } else {
      // Nothing else is a look: the next one would be the one after `counterAfter`.
      expect(numberOfLook({ ...next, challenger: event }, ledger, reignBegan)).toBe(counterAfter + 1)
    }
  }
})

test('the same rows under another metric are another look', () => {
  const look: Look = { challenger: 'a', rowsHash: 'r', metric: 'auc', windowStart: 10 }
  expect(numberOfLook(look, [look], 0)).toBe(1)
  expect(numberOfLook({ ...look, metric: 'f1' }, [look], 0)).toBe(2)
})

test('a window that began before the year was over stays in the old count', () => {
  const old: Look = { challenger: 'a', rowsHash: 'r', metric: 'auc', windowStart: 300 }
  expect(numberOfLook({ ...old, challenger: 'b', windowStart: 364 }, [old], 0)).toBe(2)
  expect(numberOfLook({ ...old, challenger: 'b', windowStart: 365 }, [old], 0)).toBe(1)
})
