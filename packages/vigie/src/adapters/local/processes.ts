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
  return status !== null && !/^State:\s+[ZX]/m.test(status)
}

/**
 * When the process began, in clock ticks since this machine booted, with the id of that boot: together with the pid it
 * names one process for ever, while a pid alone is soon used again. `null` where /proc does not tell.
 */
export function startOf(pid: number): string | null {
  const stat = readProc(pid, 'stat')
  if (stat === null) return null
  // The second field is the program's name in brackets and may hold blanks; the start is the 22nd.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  const boot = readText('/proc/sys/kernel/random/boot_id')
  return ticks === undefined || boot === null ? null : `${boot.trim()}:${ticks}`
}

/** The space in which this process's pids mean something: two containers have different ones. `null` if unknown. */
export function pidNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
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
