import type { Trainer } from '../domain/trainer.ts'

/** A trainer in one line. */
export function trainerInWords(trainer: Trainer): string {
  switch (trainer.kind) {
    case 'randomForest':
      return `${trainer.kind}, ${trainer.trees} trees, seed ${trainer.seed}`
    case 'gradientBoosting':
      return `${trainer.kind}, at most ${trainer.rounds} trees, seed ${trainer.seed}`
    case 'logisticRegression':
    case 'linearRegression':
      return `${trainer.kind}, l2 ${trainer.l2}`
    case 'calibrated':
      return `${trainerInWords(trainer.trainer)}; calibrated by ${trainer.method}`
    case 'tuned': {
      const kinds = [...new Set(trainer.candidates.map((candidate) => candidate.trainer.kind))].join(' or ')
      return `${kinds}, the best of ${trainer.trials} settings, seed ${trainer.seed}`
    }
  }
}
