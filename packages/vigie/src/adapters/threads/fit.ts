import { featureSpecHash } from '../../domain/feature-spec.ts'
import type { Target } from '../../domain/model/target.ts'
import type { BestF1 } from '../../domain/threshold.ts'
import { type Calibrated, type PlainTrainer, plainTrainer, type Trainer } from '../../domain/trainer.ts'
import { VigieError } from '../../errors.ts'
import type { FittedModel, Tasks } from '../../ports/compute.ts'
import { buffersOf, fitBody, type SharedRows } from './fit-body.ts'
import { foldsFor, outOfFoldScores } from './fit-folds.ts'
import { FitProgress } from './fit-progress.ts'
import { tune } from './fit-tuned.ts'
import type { Pool } from './pool.ts'
import { shareArrays } from './share.ts'
import type { tasks } from './tasks.ts'

/**
 * Fits a trainer with all threads of the pool: chooses parameters where they are searched, scores the training rows out
 * of fold where calibration or threshold need that, and fits one model to all rows. The bytes do not depend on how many
 * threads there are.
 */
export async function fit(
  pool: Pool<typeof tasks>,
  { trainer: asked, rows: frame, target, threshold, trainingRowsHash, definitionHash }: Tasks['fit']['input'],
  onProgress?: (share: number) => void,
): Promise<FittedModel> {
  const started = performance.now()
  if (!frame.label) throw new VigieError('internal', 'a fit needs rows with labels')
  const { spec, keys } = frame
  // Trees on all rows see bins, for which a column at a time is copied.
  const binsOnly = (asked.kind === 'randomForest' || asked.kind === 'gradientBoosting') && !isChosen(threshold)
  const rows: SharedRows = {
    spec,
    keys,
    columns: binsOnly ? frame.columns : shareArrays(frame.columns),
    ...shareArrays({ label: frame.label, weight: frame.weight ?? null }),
  }
  const progress = new FitProgress(asked, threshold, onProgress)
  const trainer = await chosen(pool, asked, rows, target, progress.part('tuning'))
  const plain = plainTrainer(trainer)!
  const settled = await settle(pool, trainer, plain, rows, target, threshold, progress)
  const body = await fitBody(pool, plain, rows, target, progress.part('model'))
  const about = {
    trainer,
    features: spec,
    featureSpecHash: featureSpecHash(spec),
    target,
    threshold: settled.threshold,
    trainingRowsHash,
    definitionHash,
  }
  const { calibration } = settled
  const { bytes, sha256 } = await pool.run('assemble', { about, body, calibration }, { transfer: buffersOf(body) })
  return { bytes, sha256, trainer, threshold: settled.threshold, seconds: (performance.now() - started) / 1000 }
}

function isChosen(threshold: number | BestF1 | null): threshold is BestF1 {
  return typeof threshold === 'object' && threshold !== null
}

/** The trainer with what its search found. */
async function chosen(
  pool: Pool<typeof tasks>,
  trainer: Trainer,
  rows: SharedRows,
  target: Target,
  onProgress: (share: number) => void,
): Promise<Trainer> {
  if (trainer.kind === 'tuned') return { ...trainer, found: await tune(pool, trainer, rows, target, onProgress) }
  if (trainer.kind !== 'calibrated' || trainer.trainer.kind !== 'tuned') return trainer
  const found = await tune(pool, trainer.trainer, rows, target, onProgress)
  return { ...trainer, trainer: { ...trainer.trainer, found } }
}

/** Calibration and threshold, from scores of the training rows by models that did not see them. */
async function settle(
  pool: Pool<typeof tasks>,
  trainer: Trainer,
  plain: PlainTrainer,
  rows: SharedRows,
  target: Target,
  threshold: number | BestF1 | null,
  progress: FitProgress,
) {
  const calibrated: Calibrated | null = trainer.kind === 'calibrated' ? trainer : null
  const bestF1 = isChosen(threshold) ? threshold : null
  if (!calibrated && !bestF1) return { calibration: null, threshold: threshold as number | null }
  const folds = foldsFor(rows, calibrated?.folds ?? bestF1!.folds)
  const scores = await outOfFoldScores(pool, plain, rows, folds, target, (fold) => progress.part('folds', fold))
  const { label, weight } = rows
  const settled = await pool.run('settle', {
    foldOf: folds.of,
    scores,
    label,
    weight,
    target,
    // Means of leaves may be 0 or 1, which have no log-odds.
    calibration: calibrated && { method: calibrated.method, of: plain.kind === 'randomForest' ? 'score' : 'logOdds' },
    bestF1: bestF1 !== null,
  })
  return { calibration: settled.calibration, threshold: bestF1 ? settled.threshold : (threshold as number | null) }
}
