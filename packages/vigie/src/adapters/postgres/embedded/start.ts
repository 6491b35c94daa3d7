import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode } from '../../../errors.ts'
import { accountFor, type RootRunsAs } from './account.ts'
import { binariesFor, MAJOR_VERSION } from './binaries.ts'
import { clearStale, endServerOfDeletedFolder } from './clear-stale.ts'
import { diskFull, postgresFailed } from './failure.ts'
import {
  dataFolder,
  type Folders,
  foldersIn,
  newDataFolder,
  ownerOf,
  rememberDataFolder,
  socketFile,
  socketFolder,
} from './folders.ts'
import { initialise, ROLE } from './initialise.ts'
import { DEFAULT_PORT, launch, type Settings } from './launch.ts'
import { markUse, withLock } from './lock.ts'
import { answers, livePostmaster, type Postmaster } from './postmaster.ts'

export interface PostgresOptions {
  /** The server's state folder: data, password, log and lock. Made when it is missing. */
  readonly root: string
  /** Listens on 127.0.0.1 at this port too; otherwise only on a Unix socket that this user can open. */
  readonly port?: number
  /** Replace or add to the server's settings. */
  readonly settings?: Settings
  /** How root makes a new server run: by default in a user namespace, else as another user. */
  readonly rootRunsAs?: RootRunsAs
  /** For data and binaries when root runs the server as another user, who cannot enter root's home. */
  readonly runtime?: string
}

export interface RunningPostgres {
  readonly root: string
  readonly dataDir: string
  readonly log: string
  readonly pid: number
  readonly port: number
  readonly socketDir: string
  /** It ran already when we came. */
  readonly adopted: boolean
  /** Connection string of a database, through the socket. Holds the password. */
  url(database?: string): string
  /** Says that this process no longer uses the server. The server goes on. */
  release(): void
}

/** A running server that starts, recovers or stops answers within this time, or it hangs. */
const HUNG_AFTER_MS = 30_000
/** Long enough for the first start on a slow machine by another process. */
const LOCK_PATIENCE_MS = 180_000

/**
 * Gives the Postgres of this state folder: adopts the one that runs, else starts it, and makes its data folder the
 * first time. Any number of processes may call it at once; one starts the server, the others get the same.
 *
 * The server outlives this process: whoever comes next adopts it. `stopIfUnused` and `stopPostgres` end it.
 *
 * @throws `postgres_failed` with `details.reason` (see `PostgresFailure`), `disk_full`
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  if (process.platform !== 'linux') {
    throw postgresFailed(
      'unsupported_platform',
      `the embedded Postgres runs on Linux only, this is ${process.platform}`,
      {
        value: process.platform,
        hint: 'Set DATABASE_URL to use another Postgres.',
      },
    )
  }
  try {
    const folders = foldersIn(options.root)
    return await withLock(folders.lock, LOCK_PATIENCE_MS, () => adoptOrStart(folders, options))
  } catch (error) {
    throw named(error, options.root)
  }
}

async function adoptOrStart(folders: Folders, options: PostgresOptions): Promise<RunningPostgres> {
  const existing = dataFolder(folders)
  if (existing !== null) {
    const adopted = await adoptable(existing, folders.log)
    if (adopted !== null) return running(folders, existing, adopted, true)
    checkVersion(existing)
    await clearStale(existing)
  }
  const runtime = options.runtime ?? '/var/lib/vigie'
  const account = accountFor(existing === null ? null : ownerOf(existing), options.rootRunsAs)
  const binaries = binariesFor(account, runtime)
  const dataDir = existing ?? newDataFolder(folders, account, runtime)
  if (existing === null) {
    await endServerOfDeletedFolder(dataDir, socketFolder(dataDir, account.uid, options.port ?? DEFAULT_PORT))
    await initialise(folders, account, binaries, dataDir)
    rememberDataFolder(folders, dataDir)
  }
  const { port, settings = {} } = options
  const started = await launch({ account, binaries, dataDir, log: folders.log, port, settings })
  return running(folders, dataDir, started, false)
}

/** Waits while a server in this folder starts, recovers or stops. `null` when none works there. */
async function adoptable(dataDir: string, log: string): Promise<Postmaster | null> {
  const end = performance.now() + HUNG_AFTER_MS
  for (;;) {
    const found = livePostmaster(dataDir)
    if (found === null) return null
    if (found.ready && (await answers(socketFile(found.socketDir, found.port)))) return found
    if (performance.now() > end) {
      throw postgresFailed('hung', `Postgres works in ${dataDir} but does not answer on ${found.socketDir}`, {
        value: `pid ${found.pid}`,
        file: log,
        hint: `Stop it (kill -INT ${found.pid}), then run the same command again. Log: ${log}`,
      })
    }
    await sleep(20)
  }
}

function checkVersion(dataDir: string): void {
  const file = path.join(dataDir, 'PG_VERSION')
  if (!existsSync(file)) {
    throw postgresFailed('corrupt', `${dataDir} is no data folder of Postgres: PG_VERSION is missing`, {
      value: file,
      hint: 'Restore the data folder from a backup. Nothing was changed.',
    })
  }
  const version = readFileSync(file, 'utf8').trim()
  if (version !== MAJOR_VERSION) {
    throw postgresFailed(
      'wrong_version',
      `${dataDir} was made by Postgres ${version}; this Vigie runs ${MAJOR_VERSION}`,
      {
        value: version,
        hint: 'Use the version of Vigie that made it, or dump it there and set DATABASE_URL.',
      },
    )
  }
}

function running(
  folders: Folders,
  dataDir: string,
  { pid, port, socketDir }: Postmaster,
  adopted: boolean,
): RunningPostgres {
  if (!existsSync(folders.password)) {
    throw postgresFailed('password_missing', `the password of Postgres is gone: ${folders.password}`, {
      value: folders.password,
      hint: `Restore the file from a backup, or begin anew by deleting ${folders.root}.`,
    })
  }
  const password = readFileSync(folders.password, 'utf8').trim()
  const mark = markUse(folders.users)
  return {
    root: folders.root,
    dataDir,
    log: folders.log,
    pid,
    port,
    socketDir,
    adopted,
    url: (database = 'postgres') =>
      `postgres://${ROLE}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(socketDir)}`,
    release: () => mark.release(),
  }
}

/** Errors of the file system that anybody can meet get a name and a next action; others are faults of ours. */
function named(error: unknown, root: string): unknown {
  if (hasCode(error)) return error
  const { code, path: at } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(at ?? root, error)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return postgresFailed('no_access', `this user may not use ${at ?? root}`, {
      value: at ?? root,
      hint: 'Give it to this user, set another VIGIE_HOME, or set DATABASE_URL.',
      cause: error,
    })
  }
  return error
}
