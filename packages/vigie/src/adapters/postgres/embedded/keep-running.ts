import { setTimeout as sleep } from 'node:timers/promises'
import { VigieError } from '../../../errors.ts'
import { isAlive } from '../../local/processes.ts'
import { readPidFile } from './postmaster.ts'
import { type RunningPostgres, startPostgres } from './start.ts'

const LOOK_EVERY_MS = 250

/**
 * Starts the server again when it dies under a program that needs it, as when the kernel kills it for memory: whoever
 * waits for it then goes on. One that was stopped in order is left alone, since somebody wanted that.
 *
 * @returns why there is no server any more, once that is so; null after `signal` ended the watch
 */
export async function keepRunning(server: RunningPostgres, signal: AbortSignal): Promise<unknown> {
  let { pid } = server
  while (!signal.aborted) {
    if (isAlive(pid)) {
      await pause(signal)
      continue
    }
    // A server that ends in order takes its pid file with it. Another program may have started the next one.
    if (readPidFile(server.dataDir) === null) return stopped(server)
    try {
      const again = await startPostgres({ root: server.root })
      again.release() // the first mark still says that this process uses it
      pid = again.pid
    } catch (error) {
      return error
    }
  }
  return null
}

async function pause(signal: AbortSignal): Promise<void> {
  // not a reason for the process to go on
  await sleep(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined)
}

function stopped({ root }: RunningPostgres): VigieError {
  return new VigieError('database_unreachable', `the embedded Postgres of ${root} was stopped`, {
    rule: 'the system of record is a Postgres database that answers',
    value: root,
    hint: 'Run the same command again: it starts the embedded Postgres when needed.',
  })
}
