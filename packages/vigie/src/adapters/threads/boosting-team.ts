import { type BoostingMemory, Job } from '../../domain/trees/boosting-memory.ts'
import type { BoostingPieces } from '../../domain/trees/boosting-pieces.ts'
import type { DoJob } from '../../domain/trees/grow-boosted.ts'
import { VigieError } from '../../errors.ts'

/**
 * Shared by the threads of one fit. A thread takes the next piece of the job by lowering `claim`, whose low bits are how
 * many pieces are left and whose high bits the job: whoever lowered it does that piece, and no new job begins before all
 * taken pieces are done. Nobody waits for a thread that has taken nothing, so a thread may come late or never.
 */
export type Team = Int32Array
const CLAIM = 0
const DONE = 1
const STATE = 2
/** Helpers that sleep, and whether the leader does: waking nobody takes longer than many a piece. */
const SLEEPERS = 3
const LEADER_SLEEPS = 4
const LENGTH = 5

const OVER = 1
const FAILED = 2
const PIECE_BITS = 17
const LEFT_MASK = (1 << PIECE_BITS) - 1
const JOBS = 1 << 14

/** Milliseconds after which a helper lets other tasks have its thread. */
const TURN_MS = 200
/** Looks at a number before a thread goes to sleep: about the time that waking it takes. */
const SPINS = 10_000

export function newTeam(): Team {
  // No pieces are left of job 0, which is none.
  return new Int32Array(new SharedArrayBuffer(4 * LENGTH))
}

/** Does all pieces of each job together with whoever helps. */
export function lead(team: Team, memory: BoostingMemory, worker: BoostingPieces): DoJob {
  const { job } = memory
  let number = 0
  return () => {
    const pieces = job[Job.pieces]!
    if (pieces < 2 || job[Job.alone] === 1) {
      for (let i = 0; i < pieces; i++) worker.do(i)
      return
    }
    number = (number + 1) % JOBS
    Atomics.store(team, DONE, 0)
    Atomics.store(team, CLAIM, (number << PIECE_BITS) | pieces)
    if (Atomics.load(team, SLEEPERS) > 0) Atomics.notify(team, CLAIM)
    while (doNext(team, worker));
    for (let done = Atomics.load(team, DONE); done < pieces; done = Atomics.load(team, DONE)) {
      if (Atomics.load(team, STATE) === FAILED) {
        throw new VigieError('run_failed', 'a thread that helped to fit has ended', {
          rule: 'threads end with their fit',
        })
      }
      sleepUnless(team, DONE, done, LEADER_SLEEPS, 50)
    }
  }
}

/** Does pieces of whatever job there is, until the fit or this thread's turn is over. */
export function help(team: Team, worker: BoostingPieces): void {
  const until = performance.now() + TURN_MS
  while (Atomics.load(team, STATE) === 0 && performance.now() < until) {
    const claim = Atomics.load(team, CLAIM)
    if (!doNext(team, worker)) sleepUnless(team, CLAIM, claim, SLEEPERS, 20)
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

/** False when no piece is left. What the job is may be read only by who has taken one: then it stays. */
function doNext(team: Team, worker: BoostingPieces): boolean {
  for (;;) {
    const claim = Atomics.load(team, CLAIM)
    const left = claim & LEFT_MASK
    if (left === 0) return false
    if (Atomics.compareExchange(team, CLAIM, claim, claim - 1) !== claim) continue
    worker.do(left - 1)
    Atomics.add(team, DONE, 1)
    if (Atomics.load(team, LEADER_SLEEPS) > 0) Atomics.notify(team, DONE)
    return true
  }
}

/** Sleeps while the number at `place` is `value`, and counts itself at `sleepers`. */
function sleepUnless(team: Team, place: number, value: number, sleepers: number, ms: number): void {
  for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(team, place) !== value) return
  Atomics.add(team, sleepers, 1)
  Atomics.wait(team, place, value, ms)
  Atomics.sub(team, sleepers, 1)
}
