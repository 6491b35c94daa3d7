import { expect, test } from 'vitest'
import { derivedStatus, featureStatus } from './feature-status.ts'

const HOUR = 3_600_000_000

test('a value counts until it is exactly as old as its view allows', () => {
  expect(featureStatus(1, 0, HOUR, HOUR)).toBe('PRESENT')
  expect(featureStatus(1, 0, HOUR + 1, HOUR)).toBe('OUTSIDE_MAX_AGE')
  expect(featureStatus(Number.NaN, 0, HOUR + 1, HOUR)).toBe('OUTSIDE_MAX_AGE')
})

test('a null that was delivered is told from a row that is not there', () => {
  expect(featureStatus(Number.NaN, 0, HOUR, Number.POSITIVE_INFINITY)).toBe('NULL_VALUE')
  expect(featureStatus(Number.NaN, Number.NaN, HOUR, 0)).toBe('NOT_FOUND')
})

test('a computed value that is absent says why by its inputs', () => {
  expect(derivedStatus(0, ['NOT_FOUND', 'PRESENT'])).toBe('PRESENT')
  expect(derivedStatus(Number.NaN, ['PRESENT', 'PRESENT'])).toBe('NULL_VALUE')
  expect(derivedStatus(Number.NaN, ['OUTSIDE_MAX_AGE', 'NULL_VALUE'])).toBe('OUTSIDE_MAX_AGE')
  expect(derivedStatus(Number.NaN, ['OUTSIDE_MAX_AGE', 'NOT_FOUND'])).toBe('NOT_FOUND')
})
