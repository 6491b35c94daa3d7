import fc from 'fast-check'
import { type AsOf, asOf } from '../../src/domain/as-of.ts'

/** The files of a delivery: rows of `snap` are dated by it, those of the others by themselves. */
export type Source = 'snap' | 'ticks' | 'edits'
export const SOURCES: readonly Source[] = ['snap', 'ticks', 'edits']
export const NETS = ['DSL', 'Fiber', 'None']

/** One row of one file. Its number is its value, so that a wrong row cannot look right. Times are UTC microseconds. */
export interface Row {
  readonly source: Source
  /** Position in `World.batches`. */
  readonly batch: number
  readonly key: string
  /** Null in a snapshot. */
  readonly time: bigint | null
  /** Only in `edits`. */
  readonly created: bigint | null
  readonly number: number | null
  readonly net: number | null
}

/** What became known at once: a version of a date (all sources that it does not lack), or a push of one source. */
export interface Batch {
  readonly id: string
  readonly asOf: AsOf | null
  readonly version: number
  readonly pushed: Source | null
  readonly lacks: readonly Source[]
  readonly known: bigint
}

export interface Asked {
  readonly key: string
  readonly date: AsOf
  readonly instant: bigint
}

/** One catalogue, and under it many histories that share no key. */
export interface World {
  readonly batches: readonly Batch[]
  readonly rows: readonly Row[]
  readonly asked: readonly Asked[]
  /** In ms. */
  readonly ttl: Readonly<Record<Source, number | null>>
  readonly arrives: Readonly<Record<Source, number>>
  /** Moments at which the newest rows are asked for, with the batches that are to be looked at. */
  readonly newest: readonly { readonly at: bigint; readonly only: readonly string[] | null }[]
}

const DAY = 86_400_000
/** Month ends around a leap day and around the nights in which clocks change, and two days inside of a month. */
const DATES = ['2024-01-31', '2024-02-29', '2024-03-30', '2024-03-31', '2024-04-30'].map(asOf)
const NEAR = ['2024-01-30', '2024-02-28', '2024-03-01', '2024-03-10', '2024-04-01', '2024-11-03', '2025-02-28'].map(
  asOf,
)
/** Clocks jump at these; the leap day at noon; the turn of the year. */
const SPECIAL = ['2024-03-31T01:00:00Z', '2024-03-10T07:00:00Z', '2024-02-29T12:00:00Z', '2024-01-01T00:00:00Z'].map(
  (text) => BigInt(Date.parse(text)) * 1000n,
)

export function endOf(date: AsOf): bigint {
  return (BigInt(Date.parse(`${date}T00:00:00Z`)) + BigInt(DAY)) * 1000n
}

const ttl = fc.option(fc.constantFrom(0, 1, 3_600_000, DAY, 20 * DAY, 31 * DAY), { freq: 3 })
const arrives = fc.constantFrom(0, 0, 1, DAY, 3 * DAY)
const perSource = <T>(value: fc.Arbitrary<T>) => fc.record({ snap: value, ticks: value, edits: value })

/** The part of all moments that the events of a batch are from; so some batches overlap and others do not. */
const span = fc.option(fc.record({ from: fc.nat(), length: fc.nat(12) }), { freq: 3 })

const pushed = (source: fc.Arbitrary<Source>) =>
  fc.record({ source, known: fc.nat(95 * DAY), tied: fc.boolean(), span })

const catalogue = fc.record({
  versions: fc.array(
    fc.record({
      date: fc.constantFrom(...DATES),
      // Late by up to two months; also known at the very end of the day, and a microsecond before and after.
      delay: fc.oneof(
        fc.constantFrom(0, 0, -1, 1),
        fc.integer({ min: 0, max: 60 * DAY }).map((ms) => ms * 1000),
      ),
      span,
      // Known at the same microsecond as the version before.
      tied: fc.boolean(),
      lacks: fc.subarray([...SOURCES], { maxLength: 1 }),
    }),
    { minLength: 2, maxLength: 6, size: 'max' },
  ),
  // Few, or so many of one source that what is known is compared row by row.
  pushes: fc.oneof(
    fc.array(pushed(fc.constantFrom<Source>('ticks', 'edits')), { maxLength: 2, size: 'max' }),
    fc.array(pushed(fc.constant<Source>('edits')), { minLength: 8, maxLength: 12, size: 'max' }),
  ),
  // Each batch has the events of a time of its own.
  apart: fc.boolean(),
  ttl: perSource(ttl),
  arrives: perSource(arrives),
  newest: fc.array(fc.record({ at: fc.nat(), only: fc.option(fc.infiniteStream(fc.boolean())) }), {
    minLength: 2,
    maxLength: 2,
  }),
})

const cell = fc.record({ null: fc.nat(3), net: fc.option(fc.nat(NETS.length - 1), { freq: 3 }) })
const place = { batch: fc.nat(), key: fc.nat(1), cell }
const many = <T>(value: fc.Arbitrary<T>, maxLength: number) => fc.array(value, { maxLength, size: 'max' })
const history = fc.record({
  snap: many(fc.record(place), 8),
  // Times are picks from few, so that there are ties; `created` as well.
  ticks: many(fc.record({ ...place, time: fc.nat() }), 8),
  edits: many(fc.record({ ...place, time: fc.nat(), created: fc.nat(2) }), 8),
  asked: fc.array(fc.record({ key: fc.nat(2), date: fc.nat(), instant: fc.nat() }), { minLength: 5, maxLength: 5 }),
})

/** Worlds of `histories` histories each. */
export function worlds(histories: number): fc.Arbitrary<World> {
  return fc
    .record({
      catalogue,
      histories: fc.array(history, { minLength: histories, maxLength: histories, size: 'max' }),
    })
    .map(({ catalogue, histories }) => world(catalogue, histories))
}

type Catalogue = typeof catalogue extends fc.Arbitrary<infer T> ? T : never
type History = typeof history extends fc.Arbitrary<infer T> ? T : never

function world({ versions, pushes, apart, ttl, arrives, newest }: Catalogue, histories: readonly History[]): World {
  const batches: Batch[] = []
  for (const [i, { date, delay, lacks, tied }] of versions.entries()) {
    const version = 1 + versions.slice(0, i).filter((earlier) => earlier.date === date).length
    const known = (tied ? batches.at(-1)?.known : undefined) ?? endOf(date) + BigInt(delay)
    batches.push({ id: `v${i}`, asOf: date, version, pushed: null, lacks, known })
  }
  for (const [i, { source, known, tied }] of pushes.entries()) {
    const first = tied && i === 0 ? batches[0]!.known : endOf(DATES[0]!) + BigInt(known) * 1000n
    const at = first + BigInt(i)
    batches.push({ id: `p${i}`, asOf: null, version: 0, pushed: source, lacks: [], known: at })
  }
  const moments = momentsOf(batches, ttl, arrives)
  const share = Math.floor(moments.length / batches.length)
  const spans = [...versions, ...pushes].map(({ span }, i) => {
    if (apart) return moments.slice(i * share, (i + 1) * share)
    if (span === null) return moments
    const from = span.from % moments.length
    return moments.slice(from, from + 1 + span.length)
  })
  const dates = [...DATES, ...NEAR]
  const pick = <T>(from: readonly T[], n: number) => from[n % from.length]!
  const rows: Row[] = []
  const asked: Asked[] = []
  for (const [h, history] of histories.entries()) {
    const name = (key: number) => `${String(h).padStart(5, '0')}-${key}`
    const add = (
      source: Source,
      { batch, key, cell, time }: History['snap'][number] & { readonly time?: number },
      created: bigint | null,
    ) => {
      const fitting = batches.flatMap((b, i) => (b.pushed === null || b.pushed === source ? [i] : []))
      const at = pick(
        fitting.filter((i) => source !== 'snap' || batches[i]!.asOf !== null),
        batch,
      )
      if (batches[at]!.lacks.includes(source)) return
      const number = cell.null === 0 ? null : rows.length + 1
      const event = time === undefined ? null : pick(spans[at]!, time)
      rows.push({ source, batch: at, key: name(key), time: event, created, number, net: cell.net })
    }
    for (const row of history.snap) add('snap', row, null)
    for (const row of history.ticks) add('ticks', row, null)
    for (const row of history.edits) add('edits', row, SPECIAL[0]! + BigInt(row.created))
    for (const { key, date, instant } of history.asked) {
      asked.push({ key: name(key), date: pick(dates, date), instant: pick(moments, instant) })
    }
  }
  const looked = newest.map(({ at, only }) => ({
    at: pick(moments, at),
    only: only && batches.filter(() => only.next().value).map(({ id }) => id),
  }))
  return {
    batches,
    rows: distinct(rows),
    asked,
    ttl,
    arrives,
    newest: [...looked, { at: moments.at(-1)!, only: null }],
  }
}

/** Few moments, at and next to all the bounds that the rule has. */
function momentsOf(batches: readonly Batch[], ttl: World['ttl'], arrives: World['arrives']): readonly bigint[] {
  const ends = DATES.map((date) => endOf(date) - 1n)
  const bases = [...ends, ...SPECIAL]
  const ages = Object.values(ttl).flatMap((ms) => (ms === null ? [] : [BigInt(ms) * 1000n]))
  const old = ends.flatMap((base) => ages.flatMap((age) => [base + age, base + age + 1n]))
  const known = batches.flatMap((batch) => {
    return SOURCES.flatMap((source) => {
      const due = batch.known - BigInt(arrives[source]) * 1000n
      return [due - 1n, due, due + 1n]
    })
  })
  const all = [...bases, ...bases.map((base) => base + 1n), ...old, ...known]
  return [...new Set(all)].sort((a, b) => (a < b ? -1 : 1))
}

/** A file has a key once, or once with each pair of times. */
function distinct(rows: readonly Row[]): readonly Row[] {
  const seen = new Map<string, Row>()
  for (const row of rows) {
    const id = [row.source, row.batch, row.key, row.time, row.created].join()
    if (!seen.has(id)) seen.set(id, row)
  }
  return [...seen.values()]
}
