import { spawnSync } from 'node:child_process'
import { chownSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { postgresFailed } from './failure.ts'

/**
 * How the server's processes are run. Postgres refuses root, so root needs one of the last two:
 * - `self`: as the user that runs Vigie
 * - `namespace`: in a user namespace in which this user has another, named uid. The files stay this user's, so it works
 *   below a home of mode 700, and it needs no second user.
 * - `user`: as another user of this machine, where namespaces are refused (containers).
 */
export type RunAs = 'self' | 'namespace' | 'user'
export type RootRunsAs = Exclude<RunAs, 'self'>

export interface Account {
  readonly as: RunAs
  /** Owner of the files on disk. */
  readonly uid: number
  readonly gid: number
}

export interface Identity {
  readonly uid: number
  readonly gid: number
}

/** A program with its arguments, to be given to `spawn` as it is. */
export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly uid?: number
  readonly gid?: number
}

/**
 * Decides who runs the server, by trying.
 *
 * @param owner who owns the existing data folder: it decides, so that later starts never switch
 * @param preferred the way that root takes first time; by default a namespace, else another user
 */
export function accountFor(owner: Identity | null, preferred?: RootRunsAs): Account {
  const me: Identity = { uid: process.geteuid!(), gid: process.getegid!() }
  if (me.uid === 0) return owner === null ? firstAccountForRoot(me, preferred) : laterAccountForRoot(me, owner)
  if (owner !== null && owner.uid !== me.uid) {
    throw postgresFailed('other_owner', `the data folder of Postgres belongs to uid ${owner.uid}, not ${me.uid}`, {
      value: String(owner.uid),
      hint: `Run Vigie as the user with uid ${owner.uid}, set another VIGIE_HOME, or set DATABASE_URL.`,
    })
  }
  // initdb insists on a name for its uid; in a container that runs with a bare number there is none.
  return { as: owner === null && !hasName() && namespaceWorks() ? 'namespace' : 'self', ...me }
}

function firstAccountForRoot(me: Identity, preferred?: RootRunsAs): Account {
  if (preferred !== 'user' && namespaceWorks()) return { as: 'namespace', ...me }
  const other = preferred === 'namespace' ? null : (identityOf('postgres') ?? identityOf('nobody'))
  if (other !== null) return { as: 'user', ...other }
  throw rootRefused('there are no user namespaces here, and no user "postgres" or "nobody"')
}

function laterAccountForRoot(me: Identity, owner: Identity): Account {
  if (owner.uid !== 0) return { as: 'user', ...owner }
  if (namespaceWorks()) return { as: 'namespace', ...me }
  throw rootRefused('its data folder belongs to root, which takes user namespaces, and there are none here')
}

const rootRefused = (why: string): Error =>
  postgresFailed('root_refused', `Postgres does not run as root: ${why}`, {
    value: 'uid 0',
    hint: 'Run Vigie as another user, or set DATABASE_URL to use another Postgres.',
  })

/** The command as this account runs it. `unshare` becomes the program itself, so the pid is the program's. */
export function commandAs(account: Account, file: string, args: readonly string[]): Command {
  if (account.as === 'self') return { file, args }
  if (account.as === 'user') return { file, args, uid: account.uid, gid: account.gid }
  return { file: 'unshare', args: [...namespace(), file, ...args] }
}

/** No variable of the caller's reaches Postgres, because PGOPTIONS and its like would change what it does. */
export const environment = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' }

/** Files that root makes for another user become that user's. */
export function own({ as, uid, gid }: Account, file: string): void {
  if (as === 'user') chownSync(file, uid, gid)
}

/** Needs util-linux 2.38 or newer, and a kernel that lets this user make namespaces. */
function namespaceWorks(): boolean {
  if (namedIdentity() === null) return false
  return spawnSync('unshare', [...namespace(), 'true'], { stdio: 'ignore' }).status === 0
}

function namespace(): string[] {
  // Where no user but root has a name, this way is not taken.
  const { uid, gid } = namedIdentity()!
  return ['--user', `--map-user=${uid}`, `--map-group=${gid}`, '--']
}

/** Any user but root that has a name, for initdb asks for one inside the namespace too. */
function namedIdentity(): Identity | null {
  return identityOf('nobody') ?? users().find((user) => user.uid > 0) ?? null
}

function identityOf(name: string): Identity | null {
  return users().find((user) => user.name === name && user.uid > 0) ?? null
}

function users(): (Identity & { readonly name: string })[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
}

function hasName(): boolean {
  try {
    userInfo()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return false
    throw error
  }
}
