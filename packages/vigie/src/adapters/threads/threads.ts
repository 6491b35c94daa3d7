import { availableParallelism } from 'node:os'
import type { Compute, Tasks } from '../../ports/compute.ts'
import { fit } from './fit.ts'
import { createPool, type Pool, untilAborted } from './pool.ts'
import { shareArrays } from './share.ts'
import { shuffle } from './shuffle.ts'
import type { tasks } from './tasks.ts'

type Plan<N extends keyof Tasks> = (
  pool: Pool<typeof tasks>,
  input: Tasks[N]['input'],
  onProgress?: (share: number) => void,
) => Promise<Tasks[N]['output']>

/** Tasks of the port that are more than one call of a worker with the same input. */
const plans: { readonly [N in keyof Tasks]?: Plan<N> } = {
  fit,
  shuffle,
  // Without the keys: a million strings take longer to copy than their rows to score.
  score: (pool, { artefact, rows }, onProgress) =>
    pool.run('score', shareArrays({ artefact, features: rows.spec, columns: rows.columns, rows: rows.keys.length }), {
      onProgress,
    }),
}

/** Worker threads of this process; by default as many as there are cores. */
export function workerThreads({ threads = availableParallelism() }: { readonly threads?: number } = {}): Compute {
  // Node runs the sources in the repository, and what tsc made of them in the published package.
  const entry = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)
  const pool = createPool<typeof tasks>({ entry, size: threads, idleMs: 5000 })
  return {
    run<N extends keyof Tasks>(
      name: N,
      input: Tasks[N]['input'],
      onProgress?: (share: number) => void,
      signal?: AbortSignal,
    ) {
      const plan = plans[name] as Plan<N> | undefined
      if (plan) return plan(untilAborted(pool, signal), input, onProgress)
      // `tasks.ts` is checked to have every task of the port that has no plan, with its types.
      return pool.run(name as never, shareArrays(input) as never, { onProgress, signal }) as Promise<Tasks[N]['output']>
    },
    close: () => pool.close(),
  }
}
