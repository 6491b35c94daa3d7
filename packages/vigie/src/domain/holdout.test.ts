import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sharedPath } from '../../test/shared.ts'
import { isHeldOut, splitByHoldout } from './holdout.ts'

test('an entity is held out by the first 32 bits of its hash, and by nothing else', () => {
  // sha256('a') begins ca978112, so u = 0.79137...
  expect(isHeldOut('a', 0.7913)).toBe(false)
  expect(isHeldOut('a', 0.7914)).toBe(true)
  expect(isHeldOut('a', 0xca978112 / 2 ** 32)).toBe(false)
})

test('every row is on one side, in order, and repeated keys stay together', () => {
  const keys = Array.from({ length: 4000 }, (_, i) => `user ${i % 2000}`)
  const { training, heldOut } = splitByHoldout(keys, { kind: 'stable', fraction: 0.25 })
  expect(Int32Array.from([...training, ...heldOut]).sort()).toEqual(Int32Array.from(keys, (_, i) => i))
  expect(training).toEqual(training.slice().sort())
  expect(heldOut.length / keys.length).toBeCloseTo(0.25, 1)
  const trained = new Set(Array.from(training, (i) => keys[i]))
  expect(Array.from(heldOut).some((i) => trained.has(keys[i]))).toBe(false)
})

const golden = sharedPath('golden/splits/holdout_sha256_25pct.csv')

test.skipIf(golden === null)('the holdout of StreamFlow is the recorded one', () => {
  const rows = readFileSync(golden!, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
  const keys = rows.map(([key]) => key!)
  const { heldOut } = splitByHoldout(keys, { kind: 'stable', fraction: 0.25 })
  expect(heldOut.length).toBe(1782)
  expect(Array.from(heldOut, (i) => keys[i])).toEqual(rows.filter(([, held]) => held === 'True').map(([key]) => key))
})
