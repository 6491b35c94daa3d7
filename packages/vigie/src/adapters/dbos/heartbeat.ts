import type { Queries } from '../postgres/database.ts'
import { endExpiredLeases, endLeasesOfDeadProcesses, renewLease } from './lease.ts'

export interface HeartbeatOptions {
  readonly queries: Queries
  readonly workerId: string
  readonly leaseMs: number
  /** After each good beat. */
  sweep(): Promise<void>
  /** This worker was declared dead. Called once, and no beat follows. */
  lost(): void
  /** For people: who was declared dead, and when the database does not answer. */
  log(text: string): void
}

export interface Heartbeat {
  stop(): Promise<void>
}

const BEATS_A_LEASE = 10

/** Renews the lease, declares dead who does not, and sweeps up their runs. */
export function startHeartbeat({ queries, workerId, leaseMs, sweep, lost, log }: HeartbeatOptions): Heartbeat {
  const now = () => performance.now()
  let healthySince = now()
  let lastBeat = now()
  let troubled = false
  let ended = false
  let current: Promise<void> = Promise.resolve()
  let beating = false

  async function beat(): Promise<void> {
    // This process was paused itself: who could not renew meanwhile is not known to be dead.
    if (now() - lastBeat > leaseMs) healthySince = now()
    lastBeat = now()
    if (!(await renewLease(queries, workerId))) {
      end()
      return lost()
    }
    const dead = await endLeasesOfDeadProcesses(queries, workerId)
    // After an outage of the database every lease has expired. Everybody gets one lease's time to renew.
    if (now() - healthySince > leaseMs) dead.push(...(await endExpiredLeases(queries, leaseMs)))
    for (const id of dead) log(`worker ${id} is dead`)
    await sweep()
    if (troubled) log('the database answers again')
    troubled = false
  }

  async function guardedBeat(): Promise<void> {
    beating = true
    try {
      await beat()
    } catch (error) {
      // The border of this loop: whatever goes wrong in a beat, the next one is tried.
      healthySince = now()
      if (!troubled && !ended) log(`heartbeat: ${error instanceof Error ? error.message : String(error)}`)
      troubled = true
    } finally {
      beating = false
    }
  }

  const timer = setInterval(() => {
    if (!beating && !ended) current = guardedBeat()
  }, leaseMs / BEATS_A_LEASE)

  function end(): void {
    ended = true
    clearInterval(timer)
  }

  return {
    async stop() {
      end()
      await current
    },
  }
}
