import type { RandomForest } from '../../domain/trainer.ts'
import type { Forest } from '../../domain/trees/packed.ts'
import type { TrainingSet } from '../../domain/trees/training-set.ts'
import type { Pool } from './pool.ts'
import type { tasks } from './tasks.ts'

/** Trees are grown in chunks by whichever thread is free; the chunks are in the order of the trees. */
export async function fitForest(
  pool: Pool<typeof tasks>,
  set: TrainingSet,
  trainer: RandomForest,
  onProgress?: (share: number) => void,
): Promise<readonly Forest[]> {
  const perChunk = treesPerChunk(set.bins.rows)
  const chunks = Math.ceil(trainer.trees / perChunk)
  const grown: Forest[] = []
  const done = new Float64Array(chunks)
  let next = 0
  const growChunks = async (): Promise<void> => {
    while (next < chunks) {
      const chunk = next++
      const from = chunk * perChunk
      const to = Math.min(trainer.trees, from + perChunk)
      const report = (share: number): void => {
        done[chunk] = share * (to - from)
        onProgress?.(done.reduce((sum, trees) => sum + trees, 0) / trainer.trees)
      }
      try {
        grown[chunk] = await pool.run('growTrees', { set, trainer, from, to }, { onProgress: report })
      } catch (error) {
        // No thread takes another chunk of a fit that has failed.
        next = chunks
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: pool.size }, growChunks))
  return grown
}

/** About 50 ms of work, so that threads finish together and other tasks get their turn. */
function treesPerChunk(rows: number): number {
  return Math.min(25, Math.max(1, Math.floor(130_000 / rows)))
}
