import { describe, expect, test } from 'vitest'
import { type ColumnKind, columnPair } from '../../src/domain/drift/column-pair.ts'
import { driftTests, type TestName } from '../../src/domain/drift/drift-tests.ts'
import { type Frame, takeRows } from '../../src/domain/frame.ts'
import { ask, expectClose, noPeers } from './peers.ts'
import { simulatedMonths } from './simulated-months.ts'

interface Column {
  readonly name: string
  readonly kind: ColumnKind
  readonly reference: Float64Array
  readonly current: Float64Array
}

/** The features and the label. */
function columns(reference: Frame, current: Frame): readonly Column[] {
  const features = reference.spec.map(({ name, type }, i) => ({
    name,
    kind: type === 'int' || type === 'float' ? ('num' as const) : ('cat' as const),
    reference: reference.columns[i]!,
    current: current.columns[i]!,
  }))
  return [...features, { name: 'label', kind: 'cat', reference: reference.label!, current: current.label! }]
}

describe.skipIf(noPeers)('drift', () => {
  const months = simulatedMonths({ users: 7043 })

  test.each([
    { month: 'month_001', rows: 7043 },
    { month: 'month_002', rows: 7043 },
    { month: 'month_004', rows: 7043 },
    { month: 'month_002', rows: 500 },
  ])('of $rows rows from month_000 to $month has the scores of scipy', async ({ month, rows }) => {
    const first = Array.from({ length: rows }, (_, i) => i)
    const asked = columns(
      takeRows(await months.frame('month_000'), first),
      takeRows(await months.frame(month), first.slice(rows / 10)),
    )
    const theirs = await ask<Partial<Record<TestName, number>>[]>(
      'drift.py',
      asked.map(({ kind, reference, current }) => ({ kind, reference: [...reference], current: [...current] })),
    )
    let compared = 0
    for (const [i, { name, kind, reference, current }] of asked.entries()) {
      const pair = columnPair(kind, reference, current)
      for (const [test, score] of Object.entries(theirs[i]!) as [TestName, number][]) {
        expectClose(`${test} of ${name}`, driftTests[test].score(pair), score, 1e-9)
        compared++
      }
    }
    // ten numbers and four booleans by three tests each, net_service by two
    expect(compared).toBe(10 * 3 + 4 * 3 + 2)
  })
})
