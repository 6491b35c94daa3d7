import type { MetricName } from '../policy.ts'
import type { PlainTrainer } from './plain.ts'
import type { Choice, Space } from './space.ts'

/** A trainer, and the parameters of it that are searched. */
export interface Candidate {
  readonly trainer: PlainTrainer
  readonly space: Readonly<Record<string, Choice>>
}

export interface Tuned {
  readonly kind: 'tuned'
  readonly candidates: readonly Candidate[]
  /** Settings that are tried: each trainer as it is given, and others drawn from the spaces in turn. */
  readonly trials: number
  /** Parts of the training entities for cross-validation. */
  readonly folds: number
  /** What is made best. Null: AUC of two classes, log loss of several, root mean squared error of numbers. */
  readonly metric: MetricName | null
  readonly seed: number
  /** Only after a fit: what was chosen, and how. */
  readonly found: Found | null
}

export interface Found {
  /** The trainer with the chosen parameters. */
  readonly trainer: PlainTrainer
  readonly metric: MetricName
  /** All trials, in the order in which they were drawn. */
  readonly trials: readonly Trial[]
  /** Position in `trials` of the chosen one. */
  readonly chosen: number
}

export interface Trial {
  /** Position of the trainer among the candidates. */
  readonly candidate: number
  /** The parameters that were drawn; none for a trainer as it is given. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** The metric on each fold that it stayed in the race for, by models that were fitted on the other folds. */
  readonly folds: readonly number[]
}

export interface TuningOptions {
  readonly trials?: number
  readonly folds?: number
  readonly metric?: MetricName
  readonly seed?: number
}

/**
 * Chooses parameters by successive halving (Jamieson and Talwalkar 2016) on cross-validation inside the training rows;
 * folds are of entities, and held-out rows are never seen. All trials are fitted without the first fold and judged on
 * it; the better half goes on to the second, and so on, so no fit is thrown away and a setting is never judged with
 * fewer trees or rows than it will have. Trainers as they are given stay to the end: nothing is chosen that did not beat
 * them on all folds. With equal values the earlier trial wins.
 *
 *     tuned(gradientBoosting(), { learningRate: between(0.01, 0.1, 'log'), leaves: wholeBetween(4, 32, 'log') })
 *     tuned([logisticRegression(), tuned(gradientBoosting(), { leaves: oneOf(4, 8, 16) })], { trials: 20 })
 */
export function tuned<T extends PlainTrainer>(trainer: T, space: Space<T>, options?: TuningOptions): Tuned
export function tuned(trainers: readonly (PlainTrainer | Tuned)[], options?: TuningOptions): Tuned
export function tuned(
  given: PlainTrainer | readonly (PlainTrainer | Tuned)[],
  spaceOrOptions: object = {},
  options: TuningOptions = {},
): Tuned {
  const several = Array.isArray(given) ? (given as readonly (PlainTrainer | Tuned)[]) : null
  const candidates = several
    ? several.flatMap((one): readonly Candidate[] =>
        one.kind === 'tuned' ? one.candidates : [{ trainer: one, space: {} }],
      )
    : [{ trainer: given as PlainTrainer, space: spaceOrOptions as Candidate['space'] }]
  const { trials = 24, folds = 5, metric = null, seed = 0 } = several ? (spaceOrOptions as TuningOptions) : options
  return { kind: 'tuned', candidates, trials, folds, metric, seed, found: null }
}
