import type { PlainTrainer } from './plain.ts'
import type { Tuned } from './tuned.ts'

export interface Calibrated {
  readonly kind: 'calibrated'
  readonly trainer: PlainTrainer | Tuned
  readonly method: 'isotonic' | 'platt'
  /** Parts of the training entities, each of which is scored by a model that was fitted on the others. */
  readonly folds: number
}

/**
 * A classifier whose probabilities come true as often as they say. Models that were each fitted without one fold of the
 * training entities score that fold; one curve is fitted to all these scores (as scikit-learn's CalibratedClassifierCV
 * with `ensemble=False`), and one model to all rows. The curve never falls, so ranks stay as they are; isotonic curves
 * have flat parts, in which rows tie. Several classes are calibrated one against the rest.
 *
 * `isotonic` follows any shape and wants a thousand rows or more; `platt` is a sigmoid of two parameters.
 * A `tuned` trainer is tuned once, and then calibrated with the parameters that were chosen.
 */
export function calibrated(
  trainer: PlainTrainer | Tuned,
  { method = 'isotonic', folds = 5 }: Partial<Omit<Calibrated, 'kind' | 'trainer'>> = {},
): Calibrated {
  return { kind: 'calibrated', trainer, method, folds }
}
