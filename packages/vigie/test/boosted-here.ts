import type { Frame } from '../src/domain/frame.ts'
import { outputWidth, type Target } from '../src/domain/model/target.ts'
import type { GradientBoosting } from '../src/domain/trainer.ts'
import { binFeatures } from '../src/domain/trees/bins.ts'
import { type BoostedRows, boostedRows, boostedRules, boostTrees } from '../src/domain/trees/boosting.ts'
import { boostingMemory, Job } from '../src/domain/trees/boosting-memory.ts'
import { BoostingPieces } from '../src/domain/trees/boosting-pieces.ts'
import type { Forest } from '../src/domain/trees/packed.ts'
import { trainingSet } from '../src/domain/trees/training-set.ts'

/** Boosts in this thread alone, on all rows or on those given. */
export function boostedHere(
  { spec, columns, keys, label, weight = null }: Frame,
  target: Target,
  trainer: GradientBoosting,
  { rows, kernel = true }: { readonly rows?: BoostedRows | undefined; readonly kernel?: boolean } = {},
): Forest {
  const bins = binFeatures(spec, columns, keys.length)
  const set = trainingSet(bins, { target, label: label!, weight, classWeight: trainer.classWeight })
  const memory = boostingMemory(bins, trainer.leaves, { outputs: outputWidth(target), kernel })
  const rules = boostedRules(trainer, spec)
  const worker = new BoostingPieces(memory, rules, set)
  const doJob = (): void => {
    for (let piece = 0; piece < memory.job[Job.pieces]!; piece++) worker.do(piece)
  }
  return boostTrees(set, rows ?? boostedRows(keys, trainer.earlyStopping), trainer, memory, rules, doJob)
}
