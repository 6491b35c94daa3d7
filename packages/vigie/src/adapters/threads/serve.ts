import { parentPort } from 'node:worker_threads'
import { type TaskMessage, toPlainError, type WorkerMessage } from './messages.ts'

/** What a task may do while it runs. */
export interface TaskContext {
  /** Share done, 0 to 1. */
  progress(share: number): void
  /** Hands the buffer over with the result instead of copying it. */
  transfer(buffer: ArrayBufferLike): void
}

// biome-ignore lint/suspicious/noExplicitAny: each task has its own input, which the pool's types carry
export type Task = (input: any, context: TaskContext) => unknown

/** Tasks by name. Each is imported when it is first asked for, so that a thread starts with nothing it does not need. */
export type TaskTable = Readonly<Record<string, () => Promise<Task>>>

/** Makes this worker thread answer the pool. */
export function serveTasks(tasks: TaskTable): void {
  const port = parentPort
  if (!port) throw new Error('serveTasks runs in a worker thread')
  const send = (message: WorkerMessage, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, [...transfer])

  port.on('message', async ({ task, input }: TaskMessage) => {
    const moved = new Set<ArrayBuffer>()
    const context: TaskContext = {
      progress: (share) => send({ kind: 'progress', share }),
      transfer: (buffer) => {
        if (buffer instanceof ArrayBuffer) moved.add(buffer)
      },
    }
    try {
      const load = tasks[task]
      if (!load) throw new Error('there is no such task')
      const run = await load()
      send({ kind: 'done', output: await run(input, context) }, [...moved])
    } catch (thrown) {
      // The boundary of the thread: every failure is the caller's to see.
      send({ kind: 'failed', error: toPlainError(task, thrown) })
    }
  })
}
