import { threadId } from 'node:worker_threads'
import type { TaskContext, TaskTable } from '../../src/adapters/threads/serve.ts'
import { VigieError } from '../../src/errors.ts'

/** Tasks that do to a thread what real ones may. */
export const oddTasks = {
  whoami: async () => () => threadId,
  echo: async () => (input: unknown) => input,
  wait: async () => async (ms: number) => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    return threadId
  },
  steps: async () => (n: number, context: TaskContext) => {
    for (let i = 1; i <= n; i++) context.progress(i / n)
    return n
  },
  bytes: async () => (n: number, context: TaskContext) => {
    const bytes = new Uint8Array(n).fill(7)
    context.transfer(bytes.buffer)
    return bytes
  },
  refuse: async () => () => {
    throw new VigieError('ragged_row', 'line 7 has 3 fields', {
      line: 7,
      rule: 'as many as the header',
      hint: 'Resend.',
    })
  },
  stumble: async () => () => {
    throw new TypeError('x is not a function')
  },
  allocate: async () => () => new ArrayBuffer(2 ** 52),
  devour: async () => () => {
    const kept: string[][] = []
    for (;;) kept.push(Array.from({ length: 10_000 }, (_, i) => `${i}-${kept.length}`))
  },
  forever: async () => (_: undefined, context: TaskContext) => {
    context.progress(0)
    for (;;);
  },
  vanish: async () => () => process.exit(5),
  crash: async () => () =>
    new Promise(() => {
      setTimeout(() => {
        throw new Error('thrown by a timer')
      })
    }),
  unsendable: async () => () => () => 1,
} satisfies TaskTable
