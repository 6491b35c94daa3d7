import { featureSpecHash } from '../../domain/feature-spec.ts'
import { VigieError } from '../../errors.ts'
import type { FittedModel, Tasks } from '../../ports/compute.ts'
import { fitBoosting } from './fit-boosting.ts'
import { fitForest } from './fit-forest.ts'
import type { Pool } from './pool.ts'
import { shareArrays } from './share.ts'
import type { tasks } from './tasks.ts'

/** Fits a trainer with all threads of the pool. The bytes do not depend on how many there are. */
export async function fit(
  pool: Pool<typeof tasks>,
  { trainer, rows, target, threshold, trainingRowsHash, definitionHash }: Tasks['fit']['input'],
  onProgress?: (share: number) => void,
): Promise<FittedModel> {
  const started = performance.now()
  if (!rows.label) throw new VigieError('internal', 'a fit needs rows with labels')
  const shared = shareArrays({ columns: rows.columns, label: rows.label, weight: rows.weight ?? null })
  const set = await pool.run('binFeatures', {
    features: rows.spec,
    ...shared,
    target,
    classWeight: trainer.classWeight,
  })
  const parts =
    trainer.kind === 'randomForest'
      ? await fitForest(pool, set, trainer, onProgress)
      : [await fitBoosting(pool, set, trainer, rows, onProgress)]
  const about = {
    trainer,
    features: rows.spec,
    featureSpecHash: featureSpecHash(rows.spec),
    target,
    threshold,
    trainingRowsHash,
    definitionHash,
  }
  const transfer = parts.map(({ words }) => words.buffer as ArrayBuffer)
  const { bytes, sha256 } = await pool.run('assemble', { about, parts }, { transfer })
  return { bytes, sha256, seconds: (performance.now() - started) / 1000 }
}
