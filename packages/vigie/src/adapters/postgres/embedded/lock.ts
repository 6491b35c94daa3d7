import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { diskFull, postgresFailed } from './failure.ts'

/**
 * Runs `body` while no other process does so with the same file.
 *
 * The lock is SQLite's: the kernel frees it when the holder dies, so there is no stale lock to judge.
 *
 * @param patienceMs how long to wait for another holder; a first start takes seconds
 */
export async function withLock<T>(file: string, patienceMs: number, body: () => Promise<T>): Promise<T> {
  const lock = open(file, 0)
  try {
    const end = performance.now() + patienceMs
    while (!locked(lock, file)) {
      if (performance.now() > end) {
        throw postgresFailed('locked', `another process has held ${file} for ${patienceMs / 1000} s`, {
          value: file,
          hint: 'Wait until the other command is done, or end it.',
        })
      }
      await sleep(20)
    }
    return await body()
  } finally {
    lock.close()
  }
}

/** A sign that this process uses the server. It ends with `release` or with the process. */
export interface UseMark {
  release(): void
}

/** Marks that nobody holds any more would be closed by the garbage collector, and the server would look unused. */
const held = new Set<DatabaseSync>()

/** Any number of processes can hold a mark on the same file. */
export function markUse(file: string): UseMark {
  const mark = open(file, 10_000)
  // A read transaction holds SQLite's shared lock until it ends.
  mark.exec('BEGIN')
  mark.prepare('SELECT count(*) FROM sqlite_schema').get()
  held.add(mark)
  return {
    release() {
      if (held.delete(mark)) mark.close()
    },
  }
}

/** True when no mark is held on the file, by this process or another. */
export function isUnused(file: string): boolean {
  const probe = open(file, 0)
  try {
    return locked(probe, file)
  } finally {
    probe.close()
  }
}

/** Runs `body` when no mark is held on the file; nobody can take one meanwhile. */
export async function ifUnused(file: string, body: () => Promise<void>): Promise<void> {
  const lock = open(file, 0)
  try {
    if (locked(lock, file)) await body()
  } finally {
    lock.close()
  }
}

function open(file: string, timeout: number): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout })
  } catch (error) {
    throw named(error, file)
  }
}

function locked(database: DatabaseSync, file: string): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    const { errcode } = error as { errcode?: number }
    if (errcode === SQLITE_BUSY || errcode === SQLITE_LOCKED) return false
    throw named(error, file)
  }
}

function named(error: unknown, file: string): unknown {
  const { errcode } = error as { errcode?: number }
  if (errcode === SQLITE_FULL) return diskFull(file, error)
  if (errcode === SQLITE_CANTOPEN || errcode === SQLITE_READONLY) {
    return postgresFailed('no_access', `this user may not use ${file}`, {
      value: file,
      hint: 'Give the folder to this user, set another VIGIE_HOME, or set DATABASE_URL.',
      cause: error,
    })
  }
  return error
}

/** Result codes of SQLite, https://sqlite.org/rescode.html */
const SQLITE_BUSY = 5
const SQLITE_LOCKED = 6
const SQLITE_READONLY = 8
const SQLITE_FULL = 13
const SQLITE_CANTOPEN = 14
