import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collectLevels, emptyLevels } from './levels.ts'

test('levels count draws and rows a bin, whether a node is sorted or counted', () => {
  const rows = fc.array(fc.record({ bin: fc.nat(254), times: fc.integer({ min: 1, max: 5 }), y: fc.nat(1) }), {
    minLength: 1,
    maxLength: 80,
  })
  fc.assert(
    fc.property(rows, fc.boolean(), (drawn, fewBins) => {
      const bins = fewBins ? 2 : 254
      const bin = drawn.map((row) => (fewBins ? row.bin % 3 : row.bin))
      const levels = emptyLevels()
      collectLevels(
        levels,
        Uint8Array.from(bin),
        Uint8Array.from(drawn, ({ times, y }) => 2 * times + y),
        Int32Array.from(drawn.keys()),
        0,
        drawn.length,
        bins,
      )
      const expected = [...new Set(bin)]
        .sort((a, b) => a - b)
        .map((b) => {
          const inBin = drawn.filter((_, i) => bin[i] === b)
          const sum = (y: number) => inBin.reduce((n, row) => n + (row.y === y ? row.times : 0), 0)
          return [b, sum(0), sum(1), inBin.length]
        })
      const found = Array.from({ length: levels.count }, (_, i) => {
        return [levels.bin[i], levels.zeros[i], levels.ones[i], levels.rows[i]]
      })
      expect(found).toEqual(expected)
    }),
  )
})
