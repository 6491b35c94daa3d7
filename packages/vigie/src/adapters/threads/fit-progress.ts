import type { BestF1 } from '../../domain/threshold.ts'
import type { Trainer } from '../../domain/trainer.ts'
import { raceSizes } from './fit-tuned.ts'

type Part = 'tuning' | 'folds' | 'model'

/** One share done for the parts of a fit, each of which counts as many models as it fits. */
export class FitProgress {
  private readonly models: Readonly<Record<Part, number>>
  private readonly done: Record<Part, number[]> = { tuning: [], folds: [], model: [] }
  private readonly onProgress: ((share: number) => void) | undefined

  constructor(trainer: Trainer, threshold: number | BestF1 | null, onProgress?: (share: number) => void) {
    const tuned = trainer.kind === 'calibrated' ? trainer.trainer : trainer
    const { folds = 0 } =
      trainer.kind === 'calibrated' ? trainer : typeof threshold === 'object' && threshold !== null ? threshold : {}
    this.models = {
      tuning:
        tuned.kind === 'tuned'
          ? raceSizes(tuned.trials, tuned.candidates.length, tuned.folds).reduce((sum, size) => sum + size, 0)
          : 0,
      folds,
      model: 1,
    }
    this.onProgress = onProgress
  }

  /** Hears the share of a part that is done, or of one of its models. */
  part(part: Part, model?: number): (share: number) => void {
    return (share) => {
      this.done[part][model ?? 0] = share * (model === undefined ? this.models[part] : 1)
      const { tuning, folds, model: last } = this.models
      const done = Object.values(this.done).reduce((sum, of) => sum + of.reduce((s, d) => s + (d ?? 0), 0), 0)
      this.onProgress?.(done / (tuning + folds + last))
    }
  }
}
