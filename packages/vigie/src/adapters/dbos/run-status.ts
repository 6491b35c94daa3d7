/**
 * - `waiting`: in the queue
 * - `running`: a worker has it, or had it and died: then the next worker goes on with it
 * - `given_up`: its process died too often in the middle of it
 */
export type RunStatus = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'given_up'

const STATUS: Readonly<Record<string, RunStatus>> = {
  ENQUEUED: 'waiting',
  DELAYED: 'waiting',
  PENDING: 'running',
  SUCCESS: 'done',
  ERROR: 'failed',
  CANCELLED: 'cancelled',
  MAX_RECOVERY_ATTEMPTS_EXCEEDED: 'given_up',
}

export function runStatus(stored: string): RunStatus {
  const status = STATUS[stored]
  if (status === undefined) throw new TypeError(`DBOS has a status that is not known here: ${stored}`)
  return status
}
