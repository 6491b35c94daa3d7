import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { PostgresOptions } from '../../src/adapters/postgres/embedded/index.ts'

const program = fileURLToPath(new URL('postgres-starter.ts', import.meta.url))

export interface Starter {
  readonly child: ChildProcess
  /** What it got; rejects with what it wrote to stderr when it ends before. */
  readonly got: Promise<{ pid: number; adopted: boolean }>
  kill(): Promise<void>
}

/** Another process that uses the server. `prefix` is a command that runs it, as `setpriv` does. */
export function startInChild(options: PostgresOptions, { prefix = [] as string[], env = {} } = {}): Starter {
  const [file = '', ...args] = [
    ...prefix,
    process.execPath,
    '--conditions=vigie-source',
    program,
    JSON.stringify(options),
  ]
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  return { child, got: firstLine(child), kill: () => kill(child) }
}

async function firstLine(child: ChildProcess): Promise<{ pid: number; adopted: boolean }> {
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  for await (const line of createInterface({ input: child.stdout! })) return JSON.parse(line)
  throw new Error(`the starter ended: ${complaint}`)
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
