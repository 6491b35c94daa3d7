import { expect, test } from 'vitest'
import type { ScoredRows } from './comparison.ts'
import { packScoredRows, unpackScoredRows } from './scored-rows.ts'

const scored: ScoredRows = {
  kind: 'classes',
  y: Float64Array.of(0, 2, 1),
  entities: Int32Array.of(0, 1, 0),
  halves: Uint8Array.of(1, 0, 1),
  champion: Float64Array.of(0.2, 0.3, 0.5, 0.1, 0.1, 0.8, 1, 0, 0),
  challenger: Float64Array.of(0.2, 0.3, 0.5, 0.1, 0.1, 0.8, 1, 0, 0).reverse(),
  thresholds: { champion: null, challenger: null },
  spec: [{ name: 'use.hours', view: 'use', feature: 'hours', type: 'float', optional: true }],
  columns: [Float64Array.of(1.5, Number.NaN, -0)],
  trainingBaseRate: null,
  hashes: { rows: 'aa', champion: 'bb', challenger: 'cc' },
}

test('scored rows are read back as they were written, with a champion or without', () => {
  for (const rows of [scored, { ...scored, champion: null, hashes: { ...scored.hashes, champion: null } }]) {
    expect(unpackScoredRows(packScoredRows(rows))).toEqual(rows)
  }
})

test('bytes that were cut, lengthened or are of something else are refused', () => {
  const bytes = packScoredRows(scored)
  const refused = expect.objectContaining({ code: 'artefact_invalid' })
  for (let length = 0; length < bytes.length; length++) {
    expect(() => unpackScoredRows(bytes.subarray(0, length))).toThrow(refused)
  }
  expect(() => unpackScoredRows(Buffer.concat([bytes, Buffer.alloc(8)]))).toThrow(refused)
  for (let at = 0; at < 16; at++) {
    const damaged = bytes.slice()
    damaged[at]! ^= 1
    expect(() => unpackScoredRows(damaged), `byte ${at}`).toThrow(refused)
  }
})
