import { spawn } from 'node:child_process'
import { closeSync, lstatSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, commandAs, environment, own } from './account.ts'
import { explain, postgresFailed } from './failure.ts'
import { socketFile, socketFolder } from './folders.ts'
import { answers, type Postmaster, readPidFile } from './postmaster.ts'

/** Small memory, full durability. */
const SETTINGS = {
  shared_buffers: '32MB',
  max_connections: 50,
  wal_level: 'replica',
  max_wal_senders: 0,
  min_wal_size: '32MB',
  max_wal_size: '256MB',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // After a crash the default opens and syncs each of the folder's files: 3 s instead of 0.1 s.
  recovery_init_sync_method: 'syncfs',
  autovacuum_max_workers: 2,
  max_worker_processes: 4,
  io_method: 'sync',
  jit: 'off',
  log_min_messages: 'warning',
  password_encryption: 'scram-sha-256',
  unix_socket_permissions: '0700',
} as const

/** Names the socket. Nothing listens on it unless TCP is asked for. */
export const DEFAULT_PORT = 5432

export type Settings = Readonly<Record<string, string | number>>

/** Recovery after a crash replays at most `max_wal_size`, on a slow disk too. */
const READY_PATIENCE_MS = 120_000
/** Processes of a killed server that this user cannot see end within seconds. */
const ORPHAN_PATIENCE_MS = 30_000

export interface Launch {
  readonly account: Account
  readonly binaries: string
  readonly dataDir: string
  readonly log: string
  /** TCP on 127.0.0.1 beside the socket. */
  readonly port: number | undefined
  readonly settings: Settings
}

/** Starts the server and waits until it answers. */
export async function launch(launch: Launch): Promise<Postmaster> {
  const port = launch.port ?? DEFAULT_PORT
  const socketDir = socketFolder(launch.dataDir, launch.account.uid, port)
  makePrivate(socketDir, launch.account)
  const end = performance.now() + ORPHAN_PATIENCE_MS
  for (;;) {
    const ended = await attempt(launch, port, socketDir)
    if ('pid' in ended) return ended
    if (!/pre-existing shared memory block/.test(ended.output) || performance.now() > end) {
      throw explain(ended.output, { what: 'Postgres does not start', dataDir: launch.dataDir, file: launch.log })
    }
    await sleep(200)
  }
}

async function attempt(
  { account, binaries, dataDir, log, port: tcp, settings }: Launch,
  port: number,
  socketDir: string,
): Promise<Postmaster | { readonly output: string }> {
  const all: Settings = {
    ...SETTINGS,
    ...settings,
    listen_addresses: tcp === undefined ? '' : '127.0.0.1',
    unix_socket_directories: socketDir,
    port,
  }
  const { file, args, ...as } = commandAs(account, path.join(binaries, 'bin', 'postgres'), [
    '-D',
    dataDir,
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ])
  const output = openSync(log, 'a', 0o600)
  const from = statSync(log).size
  // A session of its own, because Ctrl-C goes to all of a terminal's session; a file, because a pipe breaks with us.
  const child = spawn(file, args, {
    ...as,
    cwd: '/',
    env: environment,
    detached: true,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  let gone = false
  let spawnError = ''
  child.on('exit', () => {
    gone = true
  })
  child.on('error', (error) => {
    gone = true
    spawnError = `error: ${error.message}`
  })
  child.unref()
  const end = performance.now() + READY_PATIENCE_MS
  for (;;) {
    const found = readPidFile(dataDir)
    if (found?.ready && found.pid === child.pid && (await answers(socketFile(socketDir, port)))) return found
    if (gone) return { output: readFileSync(log).subarray(from).toString() + spawnError }
    if (performance.now() > end) {
      throw postgresFailed('start_timeout', `Postgres is not ready after ${READY_PATIENCE_MS / 1000} s`, {
        value: `pid ${child.pid}`,
        file: log,
        hint: `It goes on recovering; run the same command again. Log: ${log}`,
      })
    }
    await sleep(10)
  }
}

/** The folder is in a place where anybody may write: another user could have made it first, to listen there. */
function makePrivate(folder: string, account: Account): void {
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) own(account, folder)
  const found = lstatSync(folder)
  if (!found.isDirectory() || (found.mode & 0o077) !== 0 || found.uid !== account.uid) {
    throw postgresFailed('socket_folder', `${folder} is not a private folder of uid ${account.uid}`, {
      value: folder,
      hint: `Remove ${folder}, or set TMPDIR to a folder of your own.`,
    })
  }
}
