import type { Calibrated } from './trainers/calibrated.ts'
import type { Imported } from './trainers/imported.ts'
import type { PlainTrainer } from './trainers/plain.ts'
import type { Tuned } from './trainers/tuned.ts'

export { type Calibrated, calibrated } from './trainers/calibrated.ts'
export type { ClassWeight } from './trainers/class-weight.ts'
export { type GradientBoosting, gradientBoosting } from './trainers/gradient-boosting.ts'
export type { Imported } from './trainers/imported.ts'
export {
  type LinearRegression,
  type LogisticRegression,
  linearRegression,
  logisticRegression,
} from './trainers/linear.ts'
export type { PlainTrainer } from './trainers/plain.ts'
export { type RandomForest, randomForest } from './trainers/random-forest.ts'
export { between, oneOf, wholeBetween } from './trainers/space.ts'
export { type Found, type Trial, type Tuned, tuned } from './trainers/tuned.ts'

/** A trainer is a value: what to fit and with which parameters. `fit` in the compute tasks gives it meaning. */
export type Trainer = PlainTrainer | Calibrated | Tuned

/** The trainer that fits the model in the end. Null for one that was not tuned yet, and for what was not trained here. */
export function plainTrainer(trainer: Trainer | Imported): PlainTrainer | null {
  if (trainer.kind === 'imported') return null
  if (trainer.kind === 'calibrated') return plainTrainer(trainer.trainer)
  return trainer.kind === 'tuned' ? (trainer.found?.trainer ?? null) : trainer
}
