import { hostname } from 'node:os'
import { isSameProcess, pidSpace, startOf } from '../local/processes.ts'
import type { Queries } from '../postgres/database.ts'

/**
 * A worker's claim to its runs: a row that it renews several times within `leaseMs`. All times are the database's.
 */
export async function takeLease(queries: Queries, id: string, version: string): Promise<void> {
  await queries.rows(
    `insert into vigie.worker (id, host, pid, pid_space, pid_start, version) values ($1, $2, $3, $4, $5, $6)`,
    [id, hostname(), process.pid, pidSpace(), startOf(process.pid), version],
  )
}

/** @returns false when the lease is lost: another worker has declared this one dead, and has its runs now */
export async function renewLease(queries: Queries, id: string): Promise<boolean> {
  const renewed = await queries.row(
    'update vigie.worker set seen_at = clock_timestamp() where id = $1 and ended_at is null returning id',
    [id],
  )
  return renewed !== null
}

export async function isLive(queries: Queries, id: string): Promise<boolean> {
  return (await queries.row('select 1 from vigie.worker where id = $1 and ended_at is null', [id])) !== null
}

export async function endLease(queries: Queries, id: string): Promise<void> {
  await end(queries, [id])
}

/**
 * Ends the leases of workers whose process this one can see, and sees to be gone. No need to wait for them to expire.
 *
 * @returns their ids
 */
export async function endLeasesOfDeadProcesses(queries: Queries, ownId: string): Promise<string[]> {
  const neighbours = await queries.rows<{ id: string; pid: number; pid_start: string | null }>(
    'select id, pid, pid_start from vigie.worker where ended_at is null and pid_space = $1 and id <> $2',
    [pidSpace(), ownId],
  )
  const dead = neighbours.filter(({ pid, pid_start }) => !isSameProcess(pid, pid_start)).map(({ id }) => id)
  if (dead.length > 0) await end(queries, dead)
  return dead
}

/**
 * Ends the leases that were not renewed in time, and forgets those that ended long ago.
 *
 * @returns the ids of those that expired
 */
export async function endExpiredLeases(queries: Queries, leaseMs: number): Promise<string[]> {
  await queries.rows(`delete from vigie.worker where ended_at < clock_timestamp() - interval '1 day'`)
  const expired = await queries.rows<{ id: string }>(
    `update vigie.worker set ended_at = clock_timestamp()
      where ended_at is null and seen_at < clock_timestamp() - $1::int * interval '1 ms' returning id`,
    [leaseMs],
  )
  return expired.map(({ id }) => id)
}

async function end(queries: Queries, ids: readonly string[]): Promise<void> {
  await queries.rows('update vigie.worker set ended_at = clock_timestamp() where id = any($1) and ended_at is null', [
    ids,
  ])
}
