import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asOf, asOfDays, asOfMicros, durationMs, endOfDayMs, monthEnd } from './as-of.ts'

test('dates agree with the platform calendar from year 1 to 9999', () => {
  fc.assert(
    fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
      const text = new Date(days * 86_400_000).toISOString().slice(-24, -14)
      expect(asOfDays(asOf(text))).toBe(days)
    }),
  )
})

test.each([
  '2024-02-30',
  '2023-02-29',
  '2024-13-01',
  '2024-00-10',
  '2024-1-1',
  '01/02/2024',
  '',
  '2024-01-31T00:00:00Z',
])('"%s" is not a date', (text) => expect(() => asOf(text)).toThrow(expect.objectContaining({ code: 'as_of_invalid' })))

test('a date covers its whole day in UTC', () => {
  expect(endOfDayMs(asOf('2024-01-31'))).toBe(Date.UTC(2024, 1, 1))
  expect(asOfMicros(asOf('2024-01-31'))).toBe(1_706_659_200_000_000n)
})

test('month ends are counted over leap years and year ends', () => {
  const first = asOf('2024-01-31')
  expect([0, 1, 2, 11, 12, 13].map((n) => monthEnd(first, n))).toEqual([
    '2024-01-31',
    '2024-02-29',
    '2024-03-31',
    '2024-12-31',
    '2025-01-31',
    '2025-02-28',
  ])
  expect(monthEnd(asOf('2024-02-29'), 12)).toBe('2025-02-28')
})

test('durations are a whole number and a unit', () => {
  expect(durationMs('30d')).toBe(2_592_000_000)
  expect(durationMs('0d')).toBe(0)
  expect(() => durationMs('30')).toThrow(expect.objectContaining({ code: 'definition_invalid' }))
})
