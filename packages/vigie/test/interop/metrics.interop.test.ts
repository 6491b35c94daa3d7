import { describe, expect, test } from 'vitest'
import { evaluate, type Metrics } from '../../src/domain/metrics/evaluate.ts'
import { metricsFor } from '../../src/domain/policy.ts'
import { ask, noPeers } from './peers.ts'
import { scoresOf } from './scores.ts'
import { simulatedMonths } from './simulated-months.ts'

const NAMES = metricsFor({ kind: 'binary' })

describe.skipIf(noPeers)('metrics', () => {
  const months = simulatedMonths({ users: 7043 })

  // With whole percents most rows are tied with others, and some are on the threshold.
  test.each([
    { digits: 17, threshold: 0.5 },
    { digits: 2, threshold: 0.5 },
    { digits: 2, threshold: 0.27 },
  ])('of scores with $digits digits at $threshold are those of scikit-learn', async ({ digits, threshold }) => {
    const { label, ...rows } = await months.frame('month_000')
    const p = scoresOf(rows, 0).map((score) => Number(score.toFixed(digits)))
    const theirs = await ask<Required<Metrics>>('metrics.py', { y: [...label], p: [...p], threshold })
    const ours = evaluate({ kind: 'binary', y: label, scores: p, threshold }, NAMES)
    for (const name of NAMES) expect(ours[name], name).toBeCloseTo(theirs[name], 12)
  })
})
