import { describe, expect, test } from 'vitest'
import { periods, reportOf } from '../../test/report/reports.ts'
import type { ReportedPerformance } from './model.ts'
import { verdict } from './verdict.ts'

const moved = { name: 'moved', cell: (row: number, period: string) => row + (period === 'current' ? 900 : 0) }
const still = { name: 'still', cell: (row: number) => row }
const empty = { name: 'empty', cell: () => null }

const auc = (was: number | null, value: number): ReportedPerformance => ({
  metric: 'auc',
  version: 3,
  rows: 1782,
  was,
  now: { value, low: value - 0.03, high: value + 0.03 },
})

describe('the verdict', () => {
  test.each([
    ['a model at chance', [still], auc(0.81, 0.49), 'act', 'it no longer tells the two outcomes apart'],
    ['a model that fell', [moved], auc(0.81, 0.7), 'act', 'worse than when it became champion'],
    ['a model whose interval reaches its old value', [still], auc(0.81, 0.79), 'ok', 'look as they did on 2024-01-31'],
    ['a model without an old value', [still], auc(null, 0.7), 'ok', 'look as they did on 2024-01-31'],
    [
      'a model on too few rows',
      [still],
      { ...auc(0.6, 0.55), rows: 40, now: { value: 0.55, low: 0.3, high: 0.8 } },
      'ok',
      'look as they did',
    ],
    ['one input that moved', [moved, still], null, 'watch', '1 of 2 inputs no longer looks as it did on 2024-01-31'],
    ['every input moved', [moved], null, 'watch', 'No input looks as it did'],
    ['an input that nobody could judge', [empty, still], null, 'watch', '1 input could not be judged; the others'],
    ['nothing to judge', [empty], null, 'none', 'None of the inputs could be judged'],
  ] as const)('%s', (_name, columns, performance, status, title) => {
    const found = verdict(reportOf(periods(2000, columns), { performance }))
    expect(found.status).toBe(status)
    expect(found.title).toContain(title)
  })

  test('a loss that rose is worse, one that fell is not', () => {
    const loss = (value: number): ReportedPerformance => ({ ...auc(0.4, value), metric: 'logLoss' })
    expect(verdict(reportOf(periods(2000, [still]), { performance: loss(0.5) })).status).toBe('act')
    expect(verdict(reportOf(periods(2000, [still]), { performance: loss(0.3) })).status).toBe('ok')
  })

  test('what could not be judged is said even when the model fails', () => {
    const { text } = verdict(reportOf(periods(2000, [empty, still]), { performance: auc(0.81, 0.49) }))
    expect(text).toContain('1 input could not be judged.')
    expect(text).toContain('AUC 0.490 [0.460, 0.520] on 1,782 rows')
  })

  test('a champion that cannot answer comes before inputs that stayed', () => {
    const text = 'version 1 reads b.y, which the definition no longer has'
    const retrain = { triggered: true, reason: 'champion_unreadable', triggers: ['champion_unreadable'], text } as const
    const found = verdict(reportOf(periods(2000, [still]), { retrain, unmeasured: text }))
    expect(found).toMatchObject({ status: 'act', title: 'The model can no longer answer.' })
    expect(found.text).toBe(
      'Version 1 reads b.y, which the definition no longer has. The inputs look as they did on 2024-01-31.',
    )
  })
})
