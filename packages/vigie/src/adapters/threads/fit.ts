import { featureSpecHash } from '../../domain/feature-spec.ts'
import type { Forest } from '../../domain/trees/packed.ts'
import { VigieError } from '../../errors.ts'
import type { FittedModel, Tasks } from '../../ports/compute.ts'
import type { Pool } from './pool.ts'
import { shareArrays } from './share.ts'
import type { tasks } from './tasks.ts'

/**
 * Fits a forest with all threads of the pool. Trees are grown in chunks by whichever thread is free and put together in
 * their order: the bytes do not depend on the threads.
 */
export async function fit(
  pool: Pool<typeof tasks>,
  { trainer, rows, threshold, classes, trainingRowsHash, definitionHash }: Tasks['fit']['input'],
  onProgress?: (share: number) => void,
): Promise<FittedModel> {
  const started = performance.now()
  if (!rows.label) throw new VigieError('internal', 'a fit needs rows with labels')
  const { columns, label } = shareArrays({ columns: rows.columns, label: rows.label })
  const set = await pool.run('binFeatures', { features: rows.spec, columns, label, classWeight: trainer.classWeight })

  const perChunk = treesPerChunk(rows.keys.length)
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

  const header = {
    trainer,
    features: rows.spec,
    featureSpecHash: featureSpecHash(rows.spec),
    nulls: 'side_of_each_split' as const,
    classes,
    threshold,
    trainingRowsHash,
    definitionHash,
  }
  const transfer = grown.map(({ words }) => words.buffer as ArrayBuffer)
  const { bytes, sha256 } = await pool.run('assemble', { header, parts: grown }, { transfer })
  return { bytes, sha256, seconds: (performance.now() - started) / 1000 }
}

/** About 50 ms of work, so that threads finish together and other tasks get their turn. */
function treesPerChunk(rows: number): number {
  return Math.min(25, Math.max(1, Math.floor(130_000 / rows)))
}
