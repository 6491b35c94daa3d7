import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { ProgramOptions } from './flow-worker.ts'

const program = fileURLToPath(new URL('flow-worker.ts', import.meta.url))

export interface WorkerInChild {
  readonly child: ChildProcess
  /** Waits until the program has written this line. */
  said(line: string): Promise<void>
  /** Kills it, and waits until it is gone. */
  kill(): Promise<void>
  /** Waits for its end by itself. Gives the exit status. */
  ended(): Promise<number | null>
}

/** A worker in a process of its own, which is killed at the end of the test if it still runs. */
export function workerInChild(options: ProgramOptions): WorkerInChild {
  const child = spawn(process.execPath, ['--conditions=vigie-source', program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = new Set<string>()
  const heard = new EventEmitter()
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.add(line)
    heard.emit('line')
  })
  const exited = once(child, 'exit')
  const worker: WorkerInChild = {
    child,
    async said(line) {
      while (!lines.has(line)) {
        if (child.exitCode !== null) throw new Error(`the worker ended before it said "${line}"`)
        await Promise.race([once(heard, 'line'), exited])
      }
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async ended() {
      await exited
      return child.exitCode
    },
  }
  onTestFinished(() => worker.kill())
  return worker
}
