import { expect, test } from 'vitest'
import { fixed, percent, plural, quantity, score, signed, ticks } from './numbers.ts'

test.each([
  [fixed(-0.4881), '\u22120.488'],
  [fixed(-0.0001), '0.000'],
  [signed(0.16), '+0.160'],
  [signed(-0.0239 * 100, 2), '\u22122.39'],
  [percent(0.2417), '24.2\u00a0%'],
  [percent(0), '0.0\u00a0%'],
  [percent(0.0001), '< 0.1\u00a0%'],
  [percent(0.9999), '> 99.9\u00a0%'],
  [score(0), '0.0000'],
  [score(1e-9), '< 0.0001'],
  [quantity(29.633), '29.63'],
  [quantity(0.16071), '0.1607'],
  [quantity(1234.5), '1,235'],
  [quantity(-19), '\u221219'],
  [quantity(-1.5e-7), '\u22121.50e\u22127'],
  [quantity(1e12), '1.00e12'],
  [plural(1, 'row'), '1 row'],
  [plural(7043, 'row'), '7,043 rows'],
])('%s', (found, want) => {
  expect(found).toBe(want)
})

test('axis labels are short, and long where neighbours would be the same', () => {
  expect(ticks([0, 36, 72], 0.72)).toEqual(['0', '36', '72'])
  expect(ticks([1e12, 1.002e12, 1.004e12], 4e7)).toEqual(['1e12', '1.002e12', '1.004e12'])
  expect(ticks([-1, 1e-17, 1], 0.02)).toEqual(['\u22121', '0', '1'])
  expect(ticks([500, 1500], 10)).toEqual(['500', '1.5k'])
})
