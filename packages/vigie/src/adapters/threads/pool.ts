import { Worker } from 'node:worker_threads'
import { VigieError } from '../../errors.ts'
import { fromPlainError, type TaskMessage, type WorkerMessage } from './messages.ts'
import type { TaskTable } from './serve.ts'

type TaskOf<T extends TaskTable, N extends keyof T> = Awaited<ReturnType<T[N]>>
export type InputOf<T extends TaskTable, N extends keyof T> = Parameters<TaskOf<T, N>>[0]
export type OutputOf<T extends TaskTable, N extends keyof T> = Awaited<ReturnType<TaskOf<T, N>>>

export interface RunOptions {
  readonly onProgress?: ((share: number) => void) | undefined
  /** Buffers that are handed over to the worker and gone from here. */
  readonly transfer?: readonly ArrayBuffer[]
  /** Ends the task when it is aborted, whatever it does: its thread is ended and replaced. */
  readonly signal?: AbortSignal | null | undefined
}

export interface Pool<T extends TaskTable> {
  readonly size: number
  /**
   * Waits for a free thread, first come first served. Rejects with what the task threw, as VigieError, or with
   * `run_cancelled`.
   */
  run<N extends keyof T & string>(task: N, input: InputOf<T, N>, options?: RunOptions): Promise<OutputOf<T, N>>
  /** Ends all threads. What runs or waits is rejected with `run_failed`. */
  close(): Promise<void>
}

export interface PoolOptions {
  /** Module that calls `serveTasks` with the tasks of `T`. */
  readonly entry: URL
  /** Most threads at once. */
  readonly size: number
  /** A thread that had nothing to do for so long is ended: each holds some 10 MB. */
  readonly idleMs: number
  /** Limit of a thread's JavaScript heap in MB; without it V8 chooses. */
  readonly heapMb?: number
}

interface Job {
  readonly message: TaskMessage
  readonly transfer: readonly ArrayBuffer[]
  readonly onProgress: ((share: number) => void) | undefined
  readonly resolve: (output: unknown) => void
  readonly reject: (error: unknown) => void
}

interface Seat {
  readonly worker: Worker
  job: Job | null
  /** Its task was cancelled: it takes no other, and is counted until it is gone. */
  ending: boolean
  idleTimer: NodeJS.Timeout | undefined
}

/** The tasks work on typed arrays, which lie outside; V8's own choice of 48 MB would be kept and hardly used. */
const YOUNG_MB = 12

/**
 * Threads that are started when there is work, kept for a moment, and replaced when they die. A busy thread keeps the
 * process alive, an idle one does not.
 */
export function createPool<T extends TaskTable>({ entry, size, idleMs, heapMb }: PoolOptions): Pool<T> {
  const seats = new Set<Seat>()
  const waiting: Job[] = []
  let closed = false

  function start(): Seat {
    const worker = new Worker(entry, {
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_MB,
        ...(heapMb === undefined ? {} : { maxOldGenerationSizeMb: heapMb }),
      },
    })
    const seat: Seat = { worker, job: null, ending: false, idleTimer: undefined }
    let death: unknown
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'progress') seat.job?.onProgress?.(message.share)
      else finish(seat, message)
    })
    worker.on('messageerror', (error) => {
      death = error
      void worker.terminate()
    })
    worker.on('error', (error) => {
      death = error
    })
    worker.on('exit', (status) => {
      clearTimeout(seat.idleTimer)
      seats.delete(seat)
      seat.job?.reject(closed ? closedError() : deathError(seat.job.message.task, death, status))
      seat.job = null
      assign()
    })
    seats.add(seat)
    return seat
  }

  function finish(seat: Seat, message: Exclude<WorkerMessage, { kind: 'progress' }>): void {
    // It may have been done just before it was cancelled.
    if (seat.ending) return
    const job = seat.job
    seat.job = null
    rest(seat)
    if (message.kind === 'done') job?.resolve(message.output)
    else job?.reject(fromPlainError(message.error))
    assign()
  }

  function rest(seat: Seat): void {
    seat.worker.unref()
    seat.idleTimer = setTimeout(() => {
      // Off the list at once: a task that arrives while it ends gets another thread.
      seats.delete(seat)
      void seat.worker.terminate()
    }, idleMs).unref()
  }

  function assign(): void {
    while (waiting.length > 0 && !closed) {
      const seat = [...seats].find((s) => s.job === null && !s.ending) ?? (seats.size < size ? start() : null)
      if (!seat) return
      const job = waiting.shift()!
      clearTimeout(seat.idleTimer)
      try {
        seat.worker.postMessage(job.message, [...job.transfer])
      } catch (error) {
        // Something in the input cannot be copied: the caller's mistake, the thread is well.
        job.reject(error)
        rest(seat)
        continue
      }
      seat.job = job
      seat.worker.ref()
    }
  }

  function cancel(job: Job): void {
    const place = waiting.indexOf(job)
    const seat = [...seats].find((s) => s.job === job)
    if (place >= 0) waiting.splice(place, 1)
    if (seat) {
      seat.job = null
      seat.ending = true
      void seat.worker.terminate()
    }
    job.reject(cancelledError(job.message.task))
  }

  return {
    size,
    run: (task, input, { onProgress, transfer = [], signal } = {}) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(closedError())
        if (signal?.aborted) return reject(cancelledError(task))
        const onAbort = (): void => cancel(job)
        const settled = (): void => signal?.removeEventListener('abort', onAbort)
        const job: Job = {
          message: { task, input },
          transfer,
          onProgress,
          resolve: (output) => {
            settled()
            // Only the worker knows the output's type; `T` is the table that the worker serves.
            resolve(output as never)
          },
          reject: (error) => {
            settled()
            reject(error)
          },
        }
        signal?.addEventListener('abort', onAbort)
        waiting.push(job)
        assign()
      }),
    async close() {
      closed = true
      for (const job of waiting.splice(0)) job.reject(closedError())
      await Promise.all([...seats].map((seat) => seat.worker.terminate()))
    },
  }
}

/** The pool, whose tasks all end with the signal unless they are given another, or null. */
export function untilAborted<T extends TaskTable>(pool: Pool<T>, signal: AbortSignal | undefined): Pool<T> {
  if (signal === undefined) return pool
  return { ...pool, run: (task, input, options) => pool.run(task, input, { signal, ...options }) }
}

function cancelledError(task: string): VigieError {
  return new VigieError('run_cancelled', `the task ${task} was cancelled`, { task })
}

function closedError(): VigieError {
  return new VigieError('run_failed', 'the worker threads were closed', { rule: 'threads end with their program' })
}

function deathError(task: string, cause: unknown, status: number): VigieError {
  if ((cause as { code?: unknown } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new VigieError('out_of_memory', `the task ${task} used more memory than its thread may`, { task, cause })
  }
  const why = cause === undefined ? `status ${status}` : String(cause)
  return new VigieError('internal', `the thread of the task ${task} ended: ${why}`, { task, cause })
}
