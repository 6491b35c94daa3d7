import { expect, test } from 'vitest'
import { shareArrays } from './share.ts'

test('typed arrays are shared, wherever they are, and the rest is as it was', () => {
  const large = Float64Array.of(1, 2, 3, 4)
  const at = new Date(0)
  const given = {
    columns: [large.subarray(1, 3), Float64Array.of(Number.NaN)],
    nested: { label: Uint8Array.of(1, 0), codes: Int32Array.of(-5), none: null },
    bytes: Buffer.from('VGML'),
    keys: ['a', 'b'],
    empty: [],
    at,
  }
  const shared = shareArrays(given)
  expect(shared).toEqual({ ...given, bytes: Uint8Array.from(given.bytes) })
  expect(shared.columns[0]!.buffer).toBeInstanceOf(SharedArrayBuffer)
  expect(shared.columns[0]!.buffer.byteLength).toBe(16)
  expect(shared.nested.codes.buffer).toBeInstanceOf(SharedArrayBuffer)
  expect(shared.keys).toBe(given.keys)
  expect(shared.at).toBe(at)

  shared.columns[0]![0] = 9
  expect(large[1]).toBe(2)
})
