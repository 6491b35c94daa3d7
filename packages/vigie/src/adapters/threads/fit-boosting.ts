import type { Frame } from '../../domain/frame.ts'
import { outputWidth } from '../../domain/model/target.ts'
import type { GradientBoosting } from '../../domain/trainer.ts'
import type { BoostedRules } from '../../domain/trees/boosted-split.ts'
import { boostedRows, boostedRules, mostLeftOut } from '../../domain/trees/boosting.ts'
import { boostingMemory } from '../../domain/trees/boosting-memory.ts'
import type { Forest } from '../../domain/trees/packed.ts'
import type { TrainingSet } from '../../domain/trees/training-set.ts'
import { disband, fail, newTeam } from './boosting-team.ts'
import type { Pool } from './pool.ts'
import type { tasks } from './tasks.ts'

/** Counts (rows times features) from which a second thread is worth its start. */
const WORTH_HELP = 500_000

/**
 * Boosting is one tree after another, so threads share the pieces of each step: features that are counted, ranges of
 * rows otherwise. One thread leads and could do it all; others help while they are free, and not for long at a time, so
 * that other tasks get their turn.
 */
export async function fitBoosting(
  pool: Pool<typeof tasks>,
  set: TrainingSet,
  trainer: GradientBoosting,
  { spec, keys }: Frame,
  onProgress?: (share: number) => void,
): Promise<Forest> {
  const { rows, features } = set.bins
  const parts = boostedRows(keys, trainer.earlyStopping)
  const leftOut = mostLeftOut(parts, trainer)
  const memory = boostingMemory(set.bins, trainer.leaves, { outputs: outputWidth(set.target), leftOut })
  const rules: BoostedRules = boostedRules(trainer, spec)
  const team = newTeam()
  const leading = pool.run('boostTrees', { set, rows: parts, trainer, memory, rules, team }, { onProgress })
  let led = false
  const help = async (): Promise<void> => {
    try {
      // A helper hears of a cancelled fit by its end, and keeps its thread.
      while (!led) await pool.run('helpBoosting', { set, memory, rules, team }, { signal: null })
    } catch {
      // What it had taken on will not be done: the leader, which waits for it, ends with an error.
      fail(team)
    }
  }
  const helpers = rows * features.length < WORTH_HELP ? 0 : Math.min(pool.size, features.length) - 1
  const helping = Array.from({ length: helpers }, help)
  try {
    return await leading
  } finally {
    led = true
    disband(team)
    await Promise.all(helping)
  }
}
