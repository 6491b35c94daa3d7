import type { GradientBoosting, RandomForest } from '../../domain/trainer.ts'
import type { Bins } from '../../domain/trees/bins.ts'
import type { BoostedRules } from '../../domain/trees/boosted-split.ts'
import { type BoostedRows, boostTrees } from '../../domain/trees/boosting.ts'
import type { BoostingMemory } from '../../domain/trees/boosting-memory.ts'
import { BoostingPieces } from '../../domain/trees/boosting-pieces.ts'
import { growTrees } from '../../domain/trees/forest.ts'
import type { Forest } from '../../domain/trees/packed.ts'
import { type LabelledRows, type TrainingSet, trainingSet } from '../../domain/trees/training-set.ts'
import { help, lead, type Team } from './boosting-team.ts'
import type { TaskContext } from './serve.ts'

/** The parts of a fit, each of which one thread does. */

export function trainingSetTask({ bins, ...rows }: { readonly bins: Bins } & LabelledRows): TrainingSet {
  return trainingSet(bins, rows)
}

export function growTreesTask(
  input: { readonly set: TrainingSet; readonly trainer: RandomForest; readonly from: number; readonly to: number },
  context: TaskContext,
): Forest {
  const { set, trainer, from, to } = input
  const forest = growTrees(set, trainer, from, to, (done) => context.progress(done / (to - from)))
  for (const { buffer } of [forest.words, forest.leaves]) context.transfer(buffer)
  return forest
}

interface BoostingTeam {
  readonly set: TrainingSet
  readonly memory: BoostingMemory
  readonly rules: BoostedRules
  readonly team: Team
}

export function boostTreesTask(
  input: BoostingTeam & { readonly rows: BoostedRows; readonly trainer: GradientBoosting },
  context: TaskContext,
): Forest {
  const { set, rows, trainer, memory, rules, team } = input
  const doJob = lead(team, memory, new BoostingPieces(memory, rules, set))
  // A message a round would take a tenth of the time that small trees take.
  const every = Math.ceil(trainer.rounds / 20)
  const forest = boostTrees(set, rows, trainer, memory, rules, doJob, (done) => {
    if (done % every === 0) context.progress(done / trainer.rounds)
  })
  context.progress(1)
  context.transfer(forest.words.buffer)
  return forest
}

export function helpBoostingTask({ team, memory, rules, set }: BoostingTeam): void {
  help(team, new BoostingPieces(memory, rules, set))
}
