import { type BoostingMemory, Job } from '../../domain/trees/boosting-memory.ts'
import type { FeatureCounter } from '../../domain/trees/count-feature.ts'
import type { CountFeatures } from '../../domain/trees/grow-boosted.ts'
import { VigieError } from '../../errors.ts'

/**
 * Shared by the threads of one fit. A thread takes the next features of the job by raising `claim`, whose low bits are
 * the next group of features and whose high bits the job: whoever raised it does that group, and no new job begins before
 * all taken groups are done. Nobody waits for a thread that has taken nothing, so a thread may come late or never.
 */
export type Team = Int32Array
const CLAIM = 0
const DONE = 1
const STATE = 2

const OVER = 1
const FAILED = 2
const GROUP_BITS = 17
const GROUP_MASK = (1 << GROUP_BITS) - 1
const JOBS = 1 << 14

/** Rows times features below which a job is done before another thread would have heard of it. */
const ALONE = 30_000
/** Milliseconds after which a helper lets other tasks have its thread. */
const TURN_MS = 200
/** Looks at a number before a thread goes to sleep: about the time that waking it takes. */
const SPINS = 2000

export function newTeam(): Team {
  // All groups of job 0, which is none, are taken.
  return new Int32Array(new SharedArrayBuffer(12)).fill(GROUP_MASK, CLAIM, CLAIM + 1)
}

/** Counts the features of each job together with whoever helps. */
export function lead(team: Team, memory: BoostingMemory, counter: FeatureCounter): CountFeatures {
  const { job } = memory
  let number = 0
  return () => {
    const { groups } = counter
    if ((job[Job.end]! - job[Job.start]!) * job[Job.features]! < ALONE) {
      for (let i = 0; i < groups; i++) counter.count(i)
      return
    }
    number = (number + 1) % JOBS
    Atomics.store(team, DONE, 0)
    Atomics.store(team, CLAIM, number << GROUP_BITS)
    Atomics.notify(team, CLAIM)
    while (countNext(team, counter));
    for (let done = Atomics.load(team, DONE); done < groups; done = Atomics.load(team, DONE)) {
      if (Atomics.load(team, STATE) === FAILED) {
        throw new VigieError('run_failed', 'a thread that helped to fit has ended', {
          rule: 'threads end with their fit',
        })
      }
      sleepUnless(team, DONE, done, 50)
    }
  }
}

/** Counts features of whatever job there is, until the fit or this thread's turn is over. */
export function help(team: Team, counter: FeatureCounter): void {
  const until = performance.now() + TURN_MS
  while (Atomics.load(team, STATE) === 0 && performance.now() < until) {
    const claim = Atomics.load(team, CLAIM)
    if (!countNext(team, counter)) sleepUnless(team, CLAIM, claim, 20)
  }
}

/** Ends the turns of the helpers. */
export function disband(team: Team): void {
  Atomics.store(team, STATE, OVER)
  Atomics.notify(team, CLAIM)
}

/** Ends the fit: a thread is gone that may have taken some. */
export function fail(team: Team): void {
  Atomics.store(team, STATE, FAILED)
  Atomics.notify(team, DONE)
}

/** False when all groups are taken. */
function countNext(team: Team, counter: FeatureCounter): boolean {
  for (;;) {
    const claim = Atomics.load(team, CLAIM)
    const group = claim & GROUP_MASK
    if (group >= counter.groups) return false
    if (Atomics.compareExchange(team, CLAIM, claim, claim + 1) !== claim) continue
    counter.count(group)
    Atomics.add(team, DONE, 1)
    Atomics.notify(team, DONE)
    return true
  }
}

function sleepUnless(team: Team, place: number, value: number, ms: number): void {
  for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(team, place) !== value) return
  Atomics.wait(team, place, value, ms)
}
