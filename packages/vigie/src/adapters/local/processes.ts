import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/**
 * True while the process works. A zombie does not: it still answers signals until its parent takes notice, which an
 * adopted one may never do.
 */
export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, but belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  if (process.platform !== 'linux') return true
  const status = readProc(pid, 'status')
  // Not to be read: it belongs to somebody who hides it, or it ended just now, which the next look will tell.
  return status === null || !/^State:\s+[ZX]/m.test(status)
}

/**
 * When the process began, in clock ticks since the machine booted. With the pid it names one process for as long as the
 * machine runs, while a pid alone is soon used again. `null` where /proc does not tell.
 */
export function startOf(pid: number): string | null {
  const stat = readProc(pid, 'stat')
  // The second field is the program's name in brackets and may hold blanks; the start is the 22nd.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

/** True unless the process that had this pid, and began at `start`, is certainly gone. */
export function isSameProcess(pid: number, start: string | null): boolean {
  if (!isAlive(pid)) return false
  const now = startOf(pid)
  return now === null || start === null || now === start
}

/**
 * The space in which pids and their starts mean something: one boot of one machine, and in it one container. `null`
 * where it cannot be told.
 */
export function pidSpace(): string | null {
  const boot = readText('/proc/sys/kernel/random/boot_id')
  try {
    return boot === null ? null : `${boot.trim()}/${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return null
  }
}

/** Pids of the processes whose working directory is `folder`, as far as this user may look. `folder` is a real path. */
export function workingIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => workingDirectory(pid) === folder)
}

/** `null` when the process is gone or belongs to another user and this one may not look. */
export function workingDirectory(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return null
  }
}

/** Program and arguments as the process shows them now. `null` when it is gone. */
export function commandLine(pid: number): string[] | null {
  return readProc(pid, 'cmdline')?.split('\0') ?? null
}

const readProc = (pid: number, name: string): string | null => readText(`/proc/${pid}/${name}`)

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
