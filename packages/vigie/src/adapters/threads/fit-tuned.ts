import type { Target } from '../../domain/model/target.ts'
import { isLoss, type MetricName } from '../../domain/policy.ts'
import type { Found, Tuned } from '../../domain/trainer.ts'
import { drawTrials } from '../../domain/tuning/draw-trials.ts'
import { ranked, survivors } from '../../domain/tuning/halving.ts'
import type { SharedRows } from './fit-body.ts'
import { foldsFor, inTurns, judgeFold, openFold } from './fit-folds.ts'
import type { Pool } from './pool.ts'
import type { tasks } from './tasks.ts'

const DEFAULT_METRIC = { binary: 'auc', classes: 'logLoss', number: 'rmse' } as const satisfies Record<
  Target['kind'],
  MetricName
>

/** Races the trials of a search: all on the first fold, and the better half each time on the next. */
export async function tune(
  pool: Pool<typeof tasks>,
  tuned: Tuned,
  rows: SharedRows,
  target: Target,
  onProgress?: (share: number) => void,
): Promise<Found> {
  const metric = tuned.metric ?? DEFAULT_METRIC[target.kind]
  const trials = drawTrials(tuned)
  const given = tuned.candidates.length
  const folds = foldsFor(rows, tuned.folds)
  const values: number[][] = trials.map(() => [])
  const plan = raceSizes(trials.length, given, tuned.folds)
  const total = plan.reduce((sum, size) => sum + size, 0)
  let fits = 0
  let race: readonly number[] = [...trials.keys()]
  for (let fold = 0; fold < folds.count; fold++) {
    if (fold > 0) race = survivors(race, values, given, isLoss(metric))
    const open = await openFold(pool, rows, folds, fold)
    await inTurns(
      race.map((trial) => async () => {
        const { value } = await judgeFold(pool, trials[trial]!.trainer, open, target, metric)
        values[trial]!.push(value!)
        onProgress?.(++fits / total)
      }),
      pool.size,
    )
  }
  const chosen = ranked(race, values, isLoss(metric))[0]!
  return {
    trainer: trials[chosen]!.trainer,
    metric,
    trials: trials.map(({ candidate, parameters }, trial) => ({ candidate, parameters, folds: values[trial]! })),
    chosen,
  }
}

/** How many trials are judged on each fold. */
export function raceSizes(trials: number, given: number, folds: number): readonly number[] {
  const sizes: number[] = []
  for (let drawn = trials - given, fold = 0; fold < folds; fold++) {
    sizes.push(given + drawn)
    drawn = Math.min(drawn, Math.max(2, Math.ceil(drawn / 2)))
  }
  return sizes
}
