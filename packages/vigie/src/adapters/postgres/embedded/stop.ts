import { existsSync, rmdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { isAlive } from '../../local/processes.ts'
import { postgresFailed } from './failure.ts'
import { dataFolder, type Folders, foldersIn } from './folders.ts'
import { isUnused, withLock } from './lock.ts'
import { livePostmaster, type Postmaster } from './postmaster.ts'
import type { RunningPostgres } from './start.ts'

const LOCK_PATIENCE_MS = 180_000
const STOP_PATIENCE_MS = 30_000
/** A session is listed until its process has noticed that the connection was closed, also one of our own. */
const LEAVING_MS = 1_000

/**
 * Ends the server of this state folder, and the sessions of whoever uses it. Waits until it is gone.
 *
 * @returns false when none ran
 */
export async function stopPostgres({ root }: { readonly root: string }): Promise<boolean> {
  if (!existsSync(root)) return false
  const folders = foldersIn(root)
  return withLock(folders.lock, LOCK_PATIENCE_MS, async () => {
    const found = live(folders)
    if (found === null) return false
    await end(found, folders.log)
    return true
  })
}

/**
 * Ends the server unless somebody else uses it: a process that started or adopted it, or a client of any kind that is
 * connected. Close your own connections first. A server that was adopted goes on by default: whoever started it may
 * come back; a long-running program passes `adopted: 'stop'`, to leave nothing behind at its end.
 *
 * @returns true when it ended the server
 */
export async function stopIfUnused(
  server: RunningPostgres,
  { adopted = 'keep' }: { readonly adopted?: 'keep' | 'stop' } = {},
): Promise<boolean> {
  server.release()
  if (server.adopted && adopted === 'keep') return false
  const folders = foldersIn(server.root)
  return withLock(folders.lock, LOCK_PATIENCE_MS, async () => {
    // A process that has the address but is not connected yet holds a mark.
    if (!isUnused(folders.users)) return false
    const found = live(folders)
    if (found === null || (await isConnected(server.url()))) return false
    await end(found, folders.log)
    return true
  })
}

function live(folders: Folders): Postmaster | null {
  const dataDir = dataFolder(folders)
  return dataDir === null ? null : livePostmaster(dataDir)
}

/** True when a client stays connected, apart from the one that asks. */
async function isConnected(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    const late = performance.now() + LEAVING_MS
    for (;;) {
      const { rows } = await client.query<{ others: number }>(
        `select count(*)::int as others from pg_stat_activity
          where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      )
      if (rows[0]?.others === 0) return false
      if (performance.now() > late) return true
      await sleep(20)
    }
  } finally {
    await client.end()
  }
}

/** Fast shutdown: sessions are ended, everything committed is on disk. */
async function end({ pid, socketDir }: Postmaster, log: string): Promise<void> {
  process.kill(pid, 'SIGINT')
  const late = performance.now() + STOP_PATIENCE_MS
  while (isAlive(pid)) {
    if (performance.now() > late) {
      throw postgresFailed('stop_timeout', `Postgres does not stop within ${STOP_PATIENCE_MS / 1000} s`, {
        value: `pid ${pid}`,
        file: log,
        hint: `Wait, or end it with kill -QUIT ${pid}; the next start recovers. Log: ${log}`,
      })
    }
    await sleep(10)
  }
  removeIfEmpty(socketDir)
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
