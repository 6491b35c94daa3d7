import { expect, test } from 'vitest'
import { driftReport } from '../../src/domain/drift/report.ts'
import { streamflowMonths } from './streamflow-months.ts'

const months = streamflowMonths()

test.skipIf(!months)('on the real months one of 14 features has drifted, and the target a little', () => {
  const report = driftReport(months!)
  const score = (name: string) => report.features.find((feature) => feature.name === name)!
  expect(score('usage.rebuffer_events_7d')).toMatchObject({ test: 'wasserstein', drifted: true })
  expect(score('usage.rebuffer_events_7d').score).toBeCloseTo(0.20499, 5)
  expect(score('usage.watch_hours_30d')).toMatchObject({ test: 'wasserstein', drifted: false })
  expect(score('usage.watch_hours_30d').score).toBeCloseTo(0.08874, 5)
  expect(report.features.filter(({ drifted }) => drifted)).toHaveLength(1)
  expect(report.features).toHaveLength(14)
  expect(report.notTestable).toEqual([])
  expect(report.share).toBe(1 / 14)
  expect(report.referenceShare).toBe(1 / 16)
  expect(report.label).toMatchObject({ test: 'jensenshannon', drifted: false })
  expect(report.label!.score).toBeCloseTo(0.01939086159417894, 12)
  expect(report.targetDrift!.difference).toBeCloseTo(0.0239, 4)
  const plan = score('subscription.plan_stream_tv')
  expect([plan.reference.nulls, plan.current.nulls]).toEqual([1526, 1526])
})
