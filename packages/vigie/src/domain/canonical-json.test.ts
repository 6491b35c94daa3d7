import { expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

test('equal values have equal bytes, whatever the order in which they were written', () => {
  expect(canonicalJson({ b: [1, { z: null, a: 'é' }], a: 0.1 })).toBe('{"a":0.1,"b":[1,{"a":"é","z":null}]}')
  expect(canonicalJson({ a: 1, gone: undefined })).toBe('{"a":1}')
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol('s'), 1n, [undefined]])(
  '%s has no JSON form and is refused rather than dropped',
  (value) => expect(() => canonicalJson({ value })).toThrow(TypeError),
)
