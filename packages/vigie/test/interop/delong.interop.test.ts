import { describe, test } from 'vitest'
import { pairedDeLong } from '../../src/domain/significance/delong.ts'
import { ask, expectClose, noPeers } from './peers.ts'
import { scoresOf } from './scores.ts'
import { simulatedMonths } from './simulated-months.ts'

interface Answer {
  readonly champion: number
  readonly challenger: number
  readonly se: number
  readonly z: number
  readonly p: number
  readonly clusteredSe: number
}

describe.skipIf(noPeers)('two AUCs on the same rows', () => {
  const months = simulatedMonths({ users: 4000 })

  test.each([
    { digits: 17, ties: 'without ties' },
    { digits: 1, ties: 'with many ties' },
  ])('compare as the papers say, $ties, clustered by subscriber or not', async ({ digits }) => {
    const january = await months.frame('month_000')
    const february = await months.frame('month_001')
    const both = (make: (frame: typeof january) => Iterable<number>) =>
      Float64Array.of(...make(january), ...make(february))
    const rounded = (seed: number) =>
      both((frame) => scoresOf(frame, seed).map((score) => Number(score.toFixed(digits))))
    const y = both(({ label }) => label)
    const [champion, challenger] = [rounded(1), rounded(2)]
    const entities = Int32Array.from(y, (_, i) => i % january.keys.length)
    const theirs = await ask<Answer>('delong.py', {
      y: [...y],
      champion: [...champion],
      challenger: [...challenger],
      entities: [...entities],
    })
    const ours = pairedDeLong(y, champion, challenger)
    for (const name of ['champion', 'challenger', 'se', 'z', 'p'] as const) {
      expectClose(name, ours[name]!, theirs[name], 1e-9)
    }
    const clustered = pairedDeLong(y, champion, challenger, entities)
    expectClose('clustered standard error', clustered.se, theirs.clusteredSe, 1e-9)
  })
})
