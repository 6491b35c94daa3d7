import type { GradientBoosting } from './gradient-boosting.ts'
import type { LinearRegression, LogisticRegression } from './linear.ts'
import type { RandomForest } from './random-forest.ts'

/** Trainers that fit one model to all rows, and contain no other. */
export type PlainTrainer = RandomForest | GradientBoosting | LogisticRegression | LinearRegression
