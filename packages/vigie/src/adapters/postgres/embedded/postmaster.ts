import { readFileSync, realpathSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { commandLine, isAlive, workingDirectory } from '../../local/processes.ts'

/** What the first process of a server writes into its data folder. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  readonly socketDir: string
  readonly ready: boolean
}

/** As the pid file says; it may be that of a killed server. `null` when there is none. */
export function readPidFile(dataDir: string): Postmaster | null {
  let text: string
  try {
    text = readFileSync(pidFile(dataDir), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  // pid, data folder, start time, port, socket folder, listen address, shared memory key, status
  const [pid = '', , , port = '', socketDir = '', , , status = ''] = text.split('\n')
  return { pid: Number(pid), port: Number(port), socketDir, ready: status.trim() === 'ready' }
}

export const pidFile = (dataDir: string): string => path.join(dataDir, 'postmaster.pid')

export const removePidFile = (dataDir: string): void => rmSync(pidFile(dataDir), { force: true })

/** The server that works in this folder now, ready or not; `null` when none does. */
export function livePostmaster(dataDir: string): Postmaster | null {
  const found = readPidFile(dataDir)
  return found !== null && worksIn(found.pid, dataDir) ? found : null
}

/**
 * Whether this process is the Postgres of this folder, not another one that got its pid. Root in a container may not
 * see the working directory of another user's process: then its command line tells, and in doubt it is ours, because
 * taking a live server for a dead one would start a second one on the same files.
 */
function worksIn(pid: number, dataDir: string): boolean {
  if (!isAlive(pid)) return false
  const folder = workingDirectory(pid)
  if (folder !== null) return folder === realpathSync(dataDir)
  const command = commandLine(pid)
  if (command === null) return isAlive(pid)
  return command.includes(dataDir) || (path.basename(command[0] ?? '') === 'postgres' && !command.includes('-D'))
}

/** Whether a Postgres answers on the socket. Asks for encryption, as any client may before it logs in. */
export function answers(socket: string): Promise<boolean> {
  const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
  return new Promise((resolve) => {
    const client = connect(socket)
    const end = (answer: boolean) => {
      client.destroy()
      resolve(answer)
    }
    client
      .setTimeout(1000, () => end(false))
      .on('error', () => end(false))
      .on('close', () => end(false))
      .on('connect', () => client.write(sslRequest))
      .on('data', ([first]) => end(first === 0x4e || first === 0x53))
  })
}
