import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Account, Identity } from './account.ts'
import { postgresFailed } from './failure.ts'

/** What lies in the state folder. The data may lie elsewhere, see `dataFolder`. */
export interface Folders {
  /** Real path. */
  readonly root: string
  readonly lock: string
  readonly users: string
  readonly password: string
  readonly log: string
}

export function foldersIn(root: string): Folders {
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const real = realpathSync(root)
  return {
    root: real,
    lock: path.join(real, 'lock'),
    users: path.join(real, 'users'),
    password: path.join(real, 'password'),
    log: path.join(real, 'postgres.log'),
  }
}

/**
 * The existing data folder, or `null` before the first start.
 *
 * Normally `root/data`. A server that root runs as another user cannot enter root's home, so its data lie in the
 * runtime folder and `root/data-path` says where: written there, not derived from the name of `root`, so that a state
 * folder can be moved, and a deleted one does not come back with old data.
 */
export function dataFolder({ root }: Folders): string | null {
  const here = path.join(root, 'data')
  if (existsSync(here)) return here
  const pointer = path.join(root, 'data-path')
  if (!existsSync(pointer)) return null
  const elsewhere = readFileSync(pointer, 'utf8').trim()
  if (existsSync(elsewhere)) return elsewhere
  throw postgresFailed('data_missing', `the data folder of Postgres is gone: ${elsewhere}`, {
    value: elsewhere,
    file: pointer,
    hint: `Bring ${elsewhere} back (a container needs a volume for it), or begin anew by deleting ${root}.`,
  })
}

/** Where a new data folder goes. */
export function newDataFolder({ root }: Folders, account: Account, runtime: string): string {
  if (account.as !== 'user') return path.join(root, 'data')
  const folder = path.join(runtime, randomUUID().slice(0, 13))
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  return path.join(folder, 'data')
}

/** Remembers a data folder that does not lie in the state folder. */
export function rememberDataFolder({ root }: Folders, dataDir: string): void {
  if (path.dirname(dataDir) === root) return
  const pointer = path.join(root, 'data-path')
  writeFileSync(`${pointer}.new`, `${dataDir}\n`)
  renameSync(`${pointer}.new`, pointer)
}

export function ownerOf(folder: string): Identity {
  const { uid, gid } = statSync(folder)
  return { uid, gid }
}

export const socketFile = (folder: string, port: number): string => path.join(folder, `.s.PGSQL.${port}`)

/**
 * Where the socket lies: a folder of its own in the folder for temporary files, because a socket's path may be at most
 * 107 bytes long and a project's may be longer.
 */
export function socketFolder(dataDir: string, uid: number, port: number): string {
  const name = `vigie-${uid}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`
  const folder = path.join(tmpdir(), name)
  return Buffer.byteLength(socketFile(folder, port)) <= 107 ? folder : path.join('/tmp', name)
}
