import { foldsOf } from '../../domain/folds.ts'
import type { Target } from '../../domain/model/target.ts'
import type { MetricName } from '../../domain/policy.ts'
import type { PlainTrainer } from '../../domain/trainer.ts'
import { buffersOf, fitBody, type SharedRows } from './fit-body.ts'
import type { RowArrays } from './fit-tasks.ts'
import type { Pool } from './pool.ts'
import type { tasks } from './tasks.ts'

/** Entities parted for cross-validation. */
export interface Folds {
  readonly count: number
  /** Fold of each row. */
  readonly of: Uint8Array
}

export function foldsFor(rows: SharedRows, count: number): Folds {
  const of = foldsOf(rows.keys, count)
  const shared = new Uint8Array(new SharedArrayBuffer(of.length))
  shared.set(of)
  return { count, of: shared }
}

/** One fold: what is fitted on, and what is judged. */
export interface OpenFold {
  readonly inside: RowArrays
  readonly outside: SharedRows
}

/** Copies the rows of a fold, in a thread. */
export async function openFold(
  pool: Pool<typeof tasks>,
  { spec, keys, columns, label, weight }: SharedRows,
  folds: Folds,
  fold: number,
): Promise<OpenFold> {
  const rows = { columns, label, weight }
  const { inside, outside } = await pool.run('takeFold', { rows, foldOf: folds.of, fold })
  return { inside, outside: { spec, keys: keys.filter((_, row) => folds.of[row] !== fold), ...outside } }
}

export interface Judged {
  /** Of the rows of the fold. */
  readonly scores: Float64Array
  readonly value: number | null
}

/** Fits on all other folds and judges on this one. */
export async function judgeFold(
  pool: Pool<typeof tasks>,
  trainer: PlainTrainer,
  { inside, outside }: OpenFold,
  target: Target,
  metric: MetricName | null,
  onProgress?: (share: number) => void,
): Promise<Judged> {
  const body = await fitBody(pool, trainer, outside, target, onProgress)
  return pool.run('judgeFold', { body, target, rows: inside, metric }, { transfer: buffersOf(body) })
}

/** Scores of the rows of every fold, by models that were fitted on the others. */
export async function outOfFoldScores(
  pool: Pool<typeof tasks>,
  trainer: PlainTrainer,
  rows: SharedRows,
  folds: Folds,
  target: Target,
  onFold: (fold: number) => ((share: number) => void) | undefined,
): Promise<readonly Float64Array[]> {
  const scores: Float64Array[] = []
  await inTurns(
    Array.from({ length: folds.count }, (_, fold) => async () => {
      const open = await openFold(pool, rows, folds, fold)
      scores[fold] = (await judgeFold(pool, trainer, open, target, null, onFold(fold))).scores
    }),
    pool.size,
  )
  return scores
}

/** Runs the jobs, `most` at a time, in their order. After one has failed no other begins. */
export async function inTurns(jobs: readonly (() => Promise<void>)[], most: number): Promise<void> {
  let next = 0
  const take = async (): Promise<void> => {
    while (next < jobs.length) {
      const job = jobs[next++]!
      try {
        await job()
      } catch (error) {
        next = jobs.length
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, jobs.length) }, take))
}
