import { readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, workingDirectory, workingIn } from '../../local/processes.ts'
import { postgresFailed } from './failure.ts'
import { readPidFile, removePidFile } from './postmaster.ts'

const GRACE_MS = 1_000
const PATIENCE_MS = 20_000

/**
 * Removes what a killed server left behind: its pid file, and the lock file of its socket. Postgres clears most of
 * these itself, but not those that name a zombie or a pid that was given to another process.
 *
 * Waits first until no process of the killed server works in the folder any more: two servers on one folder destroy it.
 * Call it under the lock, and only when no server works there.
 */
export async function clearStale(dataDir: string): Promise<void> {
  const stale = readPidFile(dataDir)
  if (stale === null) return
  await orphansEnd(realpathSync(dataDir))
  removePidFile(dataDir)
  removeSockets(stale.socketDir)
}

/**
 * Ends the server of a data folder that was deleted under it and is made anew at the same place. It would notice within
 * a minute itself, and until then hold the socket. Nothing of its data is left to lose.
 */
export async function endServerOfDeletedFolder(dataDir: string, socketDir: string): Promise<void> {
  for (const pid of socketHolders(socketDir)) {
    if (workingDirectory(pid) !== `${dataDir} (deleted)`) continue
    quit(pid)
    while (isAlive(pid)) await sleep(10)
    removeSockets(socketDir)
  }
}

/** Pids in the lock files beside the sockets. */
function socketHolders(folder: string): number[] {
  return filesIn(folder)
    .filter((name) => /^\.s\.PGSQL\.\d+\.lock$/.test(name))
    .map((name) => Number.parseInt(readFileSync(path.join(folder, name), 'utf8'), 10))
}

async function orphansEnd(dataDir: string): Promise<void> {
  const began = performance.now()
  for (let orphans = workingIn(dataDir); orphans.length > 0; orphans = workingIn(dataDir)) {
    const waited = performance.now() - began
    // One that computes does not notice that the first process died.
    if (waited > GRACE_MS) for (const pid of orphans) quit(pid)
    if (waited > PATIENCE_MS) {
      throw postgresFailed('orphans', `processes of a killed Postgres still work in ${dataDir}`, {
        value: `pid ${orphans.join(', ')}`,
        hint: `End them (kill -9 ${orphans.join(' ')}), then run the same command again.`,
      })
    }
    await sleep(20)
  }
}

function quit(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function removeSockets(folder: string): void {
  // Only in a folder that we named: a stale pid file is not to be trusted with more.
  if (!path.basename(folder).startsWith('vigie-')) return
  for (const name of filesIn(folder)) {
    if (name.startsWith('.s.PGSQL.')) rmSync(path.join(folder, name))
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
