import { describe, expect, test } from 'vitest'
import { postgresSnapshots } from '../../src/adapters/postgres/snapshots.ts'
import { type AsOf, asOf } from '../../src/domain/as-of.ts'
import type { Snapshots } from '../../src/ports/snapshots.ts'
import { postgresForTests } from '../postgres.ts'

const DAY_MS = 86_400_000
const january = asOf('2024-01-31')
const february = asOf('2024-02-29')
const MICROSECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/

function delivery(date: AsOf, content: string, more: { correction?: boolean; arrivesMs?: number } = {}) {
  const table = { sha256: `table-of-${content}`, bytes: 1200, rows: 7043 }
  return {
    asOf: date,
    contentHash: content,
    rows: 7043,
    tables: { users: table, labels: { ...table, rows: 7000 } },
    correction: more.correction ?? false,
    arrivesMs: more.arrivesMs ?? 0,
  }
}

/** What every catalogue of snapshots must do. `empty` gives one with nothing in it. */
function snapshotsContract(empty: () => Promise<Snapshots>): void {
  test('a committed snapshot is read back as it was delivered', async () => {
    const snapshots = await empty()
    const { snapshot, already } = await snapshots.commit(delivery(january, 'a'))
    expect(already).toBe(false)
    expect(snapshot).toMatchObject({
      asOf: january,
      version: 1,
      contentHash: 'a',
      rows: 7043,
      tables: delivery(january, 'a').tables,
    })
    expect(snapshot.id).toMatch(/^[0-9a-f]{16}$/)
    expect(await snapshots.latest(january)).toEqual(snapshot)
    expect(await snapshots.latest(february)).toBeNull()
  })

  test('the clock is the one by which snapshots are known', async () => {
    const snapshots = await empty()
    const before = await snapshots.now()
    const { snapshot } = await snapshots.commit(delivery(january, 'a', { arrivesMs: 36_500 * DAY_MS }))
    const after = await snapshots.now()
    expect(before).toMatch(MICROSECONDS)
    expect([before, snapshot.knownAt, after]).toEqual([before, snapshot.knownAt, after].sort())
  })

  test('a first delivery that comes late counts as known from when it was due', async () => {
    const snapshots = await empty()
    const { snapshot } = await snapshots.commit(delivery(january, 'a'))
    expect(snapshot).toMatchObject({ knownAt: '2024-02-01T00:00:00.000000Z', assumed: true })
    const later = await snapshots.commit(delivery(february, 'b', { arrivesMs: 1.5 * DAY_MS }))
    expect(later.snapshot).toMatchObject({ knownAt: '2024-03-02T12:00:00.000000Z', assumed: true })
  })

  test('a first delivery that comes in time is known from now', async () => {
    const snapshots = await empty()
    const before = new Date(Date.now() - 60_000).toISOString()
    const { snapshot } = await snapshots.commit(delivery(january, 'a', { arrivesMs: 36_500 * DAY_MS }))
    expect(snapshot.assumed).toBe(false)
    expect(snapshot.knownAt).toMatch(MICROSECONDS)
    expect(snapshot.knownAt > before).toBe(true)
    expect(snapshot.knownAt < new Date(Date.now() + 60_000).toISOString()).toBe(true)
  })

  test('the same content again is the version that is there', async () => {
    const snapshots = await empty()
    const first = await snapshots.commit(delivery(january, 'a'))
    const again = await snapshots.commit(delivery(january, 'a'))
    const corrected = await snapshots.commit(delivery(january, 'a', { correction: true }))
    expect(again).toEqual({ snapshot: first.snapshot, already: true })
    expect(corrected).toEqual({ snapshot: first.snapshot, already: true })
    expect(await snapshots.list()).toEqual([first.snapshot])
  })

  test('other content for a known date is refused unless it is a correction', async () => {
    const snapshots = await empty()
    const first = await snapshots.commit(delivery(january, 'a'))
    const refusal = expect(snapshots.commit(delivery(january, 'b'))).rejects
    await refusal.toMatchObject({ code: 'already_ingested_differently', hint: expect.stringContaining('--correction') })
    expect(await snapshots.list()).toEqual([first.snapshot])
  })

  test('a correction is a new version, known from now and not from when the first was due', async () => {
    const snapshots = await empty()
    const first = await snapshots.commit(delivery(january, 'a'))
    const { snapshot, already } = await snapshots.commit(delivery(january, 'b', { correction: true }))
    expect(already).toBe(false)
    expect(snapshot).toMatchObject({ version: 2, assumed: false, contentHash: 'b' })
    expect(snapshot.id).not.toBe(first.snapshot.id)
    expect(snapshot.knownAt > first.snapshot.knownAt).toBe(true)
    expect(snapshot.knownAt > '2024-02-02').toBe(true)
    expect(await snapshots.latest(january)).toEqual(snapshot)
  })

  test('when it was really committed is kept, also where a backfill counts as known before', async () => {
    const snapshots = await empty()
    const before = await snapshots.now()
    const { snapshot } = await snapshots.commit(delivery(january, 'a'))
    const correction = await snapshots.commit(delivery(january, 'b', { correction: true }))
    const after = await snapshots.now()
    expect(snapshot.knownAt < before).toBe(true)
    const times = [before, snapshot.ingestedAt, correction.snapshot.ingestedAt, after]
    expect(times).toEqual([...times].sort())
    expect(correction.snapshot.ingestedAt).toBe(correction.snapshot.knownAt)
  })

  test('who approved a delivery is kept with it, and the range of its events', async () => {
    const snapshots = await empty()
    const approvals = { codes: ['unit_change', 'volume_gate'], actor: 'ada' }
    const events = {
      sha256: 'e',
      bytes: 9,
      rows: 2,
      eventRange: [1_704_067_200_000_001, 1_704_067_200_000_002] as const,
    }
    const { snapshot } = await snapshots.commit({ ...delivery(january, 'a'), tables: { events }, approvals })
    expect(snapshot).toMatchObject({ approvals, tables: { events } })
    expect(await snapshots.list()).toEqual([snapshot])
    expect((await snapshots.commit(delivery(february, 'b'))).snapshot.approvals).toBeNull()
  })

  test('a push is known from now, once for each id, and never with other rows', async () => {
    const snapshots = await empty()
    const table = { sha256: 'rows', bytes: 9, rows: 2, eventRange: [1, 2] as const }
    const before = await snapshots.now()
    const first = await snapshots.push({ id: 'one', source: 'events', table })
    expect(first).toEqual({
      push: { id: 'one', source: 'events', knownAt: expect.stringMatching(MICROSECONDS), table },
      already: false,
    })
    expect(first.push.knownAt >= before).toBe(true)
    expect(await snapshots.push({ id: 'one', source: 'events', table })).toEqual({ ...first, already: true })
    for (const other of [
      { source: 'clicks', table },
      { source: 'events', table: { ...table, sha256: 'other' } },
    ]) {
      await expect(snapshots.push({ id: 'one', ...other })).rejects.toMatchObject({ code: 'push_differs' })
    }
    expect(await snapshots.pushes()).toEqual([first.push])
  })

  test('pushes at once are all kept, no two known at the same time', async () => {
    const snapshots = await empty()
    const table = { sha256: 'rows', bytes: 9, rows: 2 }
    const ids = Array.from({ length: 8 }, (_, i) => `p${i % 4}`)
    await Promise.all(ids.map((id) => snapshots.push({ id, source: 'events', table })))
    const listed = await snapshots.pushes()
    expect(listed.map(({ id }) => id).sort()).toEqual(['p0', 'p1', 'p2', 'p3'])
    const known = listed.map(({ knownAt }) => knownAt)
    expect(known).toEqual([...new Set(known)].sort())
  })

  test('content that was corrected comes back only by another correction', async () => {
    const snapshots = await empty()
    const first = await snapshots.commit(delivery(january, 'a'))
    await snapshots.commit(delivery(january, 'b', { correction: true }))
    const sameCommandAgain = await snapshots.commit(delivery(january, 'a'))
    expect(sameCommandAgain).toEqual({ snapshot: first.snapshot, already: true })
    const back = await snapshots.commit(delivery(january, 'a', { correction: true }))
    expect(back).toMatchObject({ already: false, snapshot: { version: 3, contentHash: 'a' } })
    expect(back.snapshot.id).not.toBe(first.snapshot.id)
  })

  test('the same bytes under a definition that reads them otherwise are a correction, once', async () => {
    const snapshots = await empty()
    const first = await snapshots.commit(delivery(january, 'a'))
    const readOtherwise = { ...delivery(january, 'b', { correction: true }), contentHash: 'a' }
    const corrected = await snapshots.commit(readOtherwise)
    expect(corrected).toMatchObject({ already: false, snapshot: { version: 2, contentHash: 'a' } })
    expect(corrected.snapshot.tables).not.toEqual(first.snapshot.tables)
    expect(await snapshots.commit(readOtherwise)).toEqual({ snapshot: corrected.snapshot, already: true })
  })

  test('all versions are listed by date and then by version', async () => {
    const snapshots = await empty()
    await snapshots.commit(delivery(february, 'c'))
    await snapshots.commit(delivery(january, 'a'))
    await snapshots.commit(delivery(january, 'b', { correction: true }))
    const listed = (await snapshots.list()).map((s) => [s.asOf, s.version])
    expect(listed).toEqual([
      [january, 1],
      [january, 2],
      [february, 1],
    ])
  })

  test('of two deliveries of one date at once one wins and the other sees the winner', async () => {
    const snapshots = await empty()
    const same = await Promise.all(Array.from({ length: 6 }, () => snapshots.commit(delivery(january, 'a'))))
    expect(same.filter((s) => !s.already)).toHaveLength(1)
    expect(new Set(same.map((s) => s.snapshot.id)).size).toBe(1)

    const different = await Promise.allSettled(['x', 'y', 'z'].map((c) => snapshots.commit(delivery(february, c))))
    expect(different.filter((s) => s.status === 'fulfilled')).toHaveLength(1)
    const refused = different.filter((s) => s.status === 'rejected')
    expect(refused.map((s) => s.reason.code)).toEqual(Array(2).fill('already_ingested_differently'))
    expect(await snapshots.list()).toHaveLength(2)
  })

  test('corrections at once are numbered without gaps, each known after the one before', async () => {
    const snapshots = await empty()
    const contents = Array.from({ length: 8 }, (_, i) => `c${i}`)
    await Promise.all(contents.map((c) => snapshots.commit(delivery(january, c, { correction: true }))))
    const listed = await snapshots.list()
    expect(listed.map((s) => s.version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    const known = listed.map((s) => s.knownAt)
    expect(known).toEqual([...known].sort())
    expect(new Set(known).size).toBe(8)
  })
}

describe('Snapshots in Postgres', () => {
  const postgres = postgresForTests()
  snapshotsContract(async () => postgresSnapshots(await postgres.emptied()))

  test('rows are never changed or deleted', async () => {
    const database = await postgres.emptied()
    await postgresSnapshots(database).commit(delivery(january, 'a'))
    await expect(database.run('update vigie.snapshot set rows = 1')).rejects.toThrow(/never changed/)
    await expect(database.run('delete from vigie.snapshot')).rejects.toThrow(/never changed/)
    const table = { sha256: 'rows', bytes: 9, rows: 2 }
    await postgresSnapshots(database).push({ id: 'one', source: 'events', table })
    await expect(database.run('delete from vigie.push')).rejects.toThrow(/never changed/)
  })
})
