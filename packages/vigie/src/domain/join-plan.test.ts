import { expect, test } from 'vitest'
import { asOf } from './as-of.ts'
import { type Group, planJoin } from './join-plan.ts'
import { lastMicrosOf, type ViewHistory } from './point-in-time.ts'

interface Table {
  readonly sha256: string
}

/** Rows at instants. */
const at = (...cuts: number[]) => ({ cuts: Float64Array.from(cuts), rowsAt: null, knownAfterUs: 0 }) as const

function events(...batches: readonly (readonly [name: string, knownUs: number, firstUs: number, lastUs: number])[]) {
  const history: ViewHistory<Table> = {
    dated: 'event',
    batches: batches.map(([id, knownUs, firstUs, lastUs]) => {
      return { id, table: { sha256: id }, knownUs, firstUs, lastUs, asOf: null, version: 0 }
    }),
    ttlUs: Infinity,
    arrivesUs: 0,
  }
  return history
}

function shown(groups: readonly Group<Table>[]) {
  return groups.map(({ stretches, rows, clusters }) => ({
    stretches,
    rows,
    clusters: clusters.map(({ batches }) => batches.map(({ id }) => id).join('+')),
  }))
}

test('tables of times that do not overlap are searched one after the other, the newest first', () => {
  const history = events(['a', 0, 1, 9], ['c', 0, 20, 29], ['b', 0, 10, 19])
  expect(shown(planJoin(history, at(100)))).toEqual([{ stretches: [[100, 100]], rows: 1, clusters: ['c', 'b', 'a'] }])
})

test('tables whose times overlap or touch are searched at once, the later known one last', () => {
  const history = events(['a', 1, 1, 10], ['b', 2, 10, 12], ['c', 3, 5, 6], ['d', 4, 13, 20])
  expect(shown(planJoin(history, at(100)))[0]?.clusters).toEqual(['d', 'a+b+c'])
})

test('rows are one group as long as they see the same tables, whatever their times', () => {
  const history = events(['a', 10, 0, 9], ['b', 20, 10, 19])
  expect(shown(planJoin(history, at(25, 5, 15, 12, 20, 19, 99)))).toEqual([
    { stretches: [[5, 5]], rows: 1, clusters: [] },
    { stretches: [[12, 19]], rows: 3, clusters: ['a'] },
    {
      stretches: [[20, 99]],
      rows: 3,
      clusters: ['b', 'a'],
    },
  ])
})

test('tables that hold only later events, or only events that are too old, are left out', () => {
  const history = { ...events(['old', 0, 0, 9], ['fit', 0, 50, 60], ['later', 0, 101, 120]), ttlUs: 80 }
  expect(shown(planJoin(history, at(90, 100)))[0]?.clusters).toEqual(['fit'])
  expect(shown(planJoin(history, at(89, 101)))[0]?.clusters).toEqual(['later', 'fit', 'old'])
})

test('nothing visible is a group without tables', () => {
  expect(shown(planJoin(events(), at(1, 2)))).toEqual([{ stretches: [[1, 2]], rows: 2, clusters: [] }])
  expect(planJoin(events(['a', 0, 0, 1]), at())).toEqual([])
})

test('snapshots are one cluster each, and change what is seen when they come and when they grow too old', () => {
  const cut = (date: string) => lastMicrosOf(asOf(date))
  const snapshot = (date: string) => ({
    id: date,
    table: { sha256: date },
    knownUs: cut(date) + 1,
    firstUs: cut(date),
    lastUs: cut(date),
    asOf: asOf(date),
    version: 1,
  })
  const history: ViewHistory<Table> = {
    dated: 'snapshot',
    batches: [snapshot('2024-01-31'), snapshot('2024-02-29')],
    ttlUs: 31 * 86_400_000_000,
    arrivesUs: 0,
  }
  const dates = ['2024-03-02', '2024-01-30', '2024-02-01', '2024-03-03', '2024-03-31', '2024-04-01'].map(cut)
  const spine = { cuts: Float64Array.from(dates), rowsAt: Int32Array.of(5, 1, 2, 3, 4, 6), knownAfterUs: 1 } as const
  expect(shown(planJoin(history, spine))).toEqual([
    {
      stretches: [
        [cut('2024-01-30'), cut('2024-01-30')],
        [cut('2024-04-01'), cut('2024-04-01')],
      ],
      rows: 7,
      clusters: [],
    },
    { stretches: [[cut('2024-02-01'), cut('2024-02-01')]], rows: 2, clusters: ['2024-01-31'] },
    { stretches: [[cut('2024-03-02'), cut('2024-03-02')]], rows: 5, clusters: ['2024-02-29', '2024-01-31'] },
    { stretches: [[cut('2024-03-03'), cut('2024-03-31')]], rows: 7, clusters: ['2024-02-29'] },
  ])
})

test('rows that see the same snapshot but another one before it are apart, also when that is too old to be used', () => {
  const table = (sha256: string) => ({ sha256 })
  const snapshot = (id: string, date: string, version: number, knownUs: number) => {
    const trueUs = lastMicrosOf(asOf(date))
    return { id, table: table(id), knownUs, firstUs: trueUs, lastUs: trueUs, asOf: asOf(date), version }
  }
  const known = (date: string) => lastMicrosOf(asOf(date)) + 1
  const history: ViewHistory<Table> = {
    dated: 'snapshot',
    batches: [
      snapshot('january', '2024-01-31', 1, known('2024-01-31')),
      snapshot('february', '2024-02-29', 1, known('2024-02-29')),
      snapshot('corrected', '2024-01-31', 2, known('2024-03-10')),
    ],
    ttlUs: 20 * 86_400_000_000,
    arrivesUs: 0,
  }
  const groups = planJoin(history, at(known('2024-03-09'), known('2024-03-10')))
  expect(groups.map(({ clusters }) => clusters[0]?.batches.map(({ previous }) => previous?.sha256))).toEqual([
    ['january'],
    ['corrected'],
  ])
})

test('events of many batches are one group, in which each batch counts from when it was known', () => {
  const hours = Array.from({ length: 20 }, (_, i) => [`h${i}`, 10 * i + 9, 10 * i, 10 * i + 8] as const)
  const groups = planJoin(events(...hours), at(...hours.map(([, known]) => known), 1000))
  expect(groups).toHaveLength(1)
  const { clusters } = groups[0]!
  expect(clusters.map(({ batches }) => batches.length)).toEqual([1, 1, 1, 17])
  expect(clusters[0]!.batches[0]).toMatchObject({ id: 'h19', fromUs: 199 })
  // All rows see the first batch; the others say from when they count, in the order of knowledge.
  expect(clusters[3]!.batches.find(({ id }) => id === 'h0')?.fromUs).toBe(-Infinity)
  expect(clusters[3]!.batches.find(({ id }) => id === 'h16')?.fromUs).toBe(169)
})

test('where events of many batches are corrected, rows before and after are apart', () => {
  const history = events(...Array.from({ length: 20 }, (_, i) => [`h${i}`, 10 * i, 0, 500] as const))
  const dated = (id: string, version: number, knownUs: number) => {
    return { id, table: { sha256: id }, knownUs, firstUs: 0, lastUs: 9, asOf: asOf('2024-01-31'), version }
  }
  const batches = [...history.batches, dated('first', 1, 55), dated('second', 2, 105)]
  const corrected = { ...history, batches: batches.toSorted((a, b) => a.knownUs - b.knownUs) }
  const groups = planJoin(corrected, at(...Array.from({ length: 30 }, (_, i) => 10 * i)))
  const ids = groups.map(({ clusters }) => clusters.flatMap(({ batches }) => batches.map(({ id }) => id)))
  expect(groups.map(({ stretches }) => stretches)).toEqual([[[0, 100]], [[110, 290]]])
  expect(ids.map((all) => [all.includes('first'), all.includes('second')])).toEqual([
    [true, false],
    [false, true],
  ])
})
