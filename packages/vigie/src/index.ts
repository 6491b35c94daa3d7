/** The public names of Vigie, nothing else. */

export {
  abs,
  add,
  bucket,
  clip,
  difference,
  ifNull,
  isAbove,
  isAtLeast,
  isAtMost,
  isBelow,
  isEqual,
  isNull,
  log,
  log1p,
  multiply,
  previous,
  ratio,
  sqrt,
  subtract,
} from './define/derived.ts'
export { entity } from './define/entity.ts'
export { f } from './define/feature.ts'
export { featureView, source } from './define/feature-view.ts'
export { csv, quarantineRows } from './define/files.ts'
export { type GateOptions, gates } from './define/gates.ts'
export type { FeaturesOf, KeyOf, LabelOf } from './define/infer.ts'
export { label } from './define/label.ts'
export { defineProject, type Project } from './define/project.ts'
export { atMost, equal, lessThan, notEqual, requires, rule, value } from './define/row-rules.ts'
export { anyOf, evidentlyRules, performance, share, stableHoldout } from './define/rules.ts'
export type { AsOf } from './domain/as-of.ts'
export type { MetricName } from './domain/policy.ts'
export { bestF1 } from './domain/threshold.ts'
export {
  between,
  calibrated,
  gradientBoosting,
  linearRegression,
  logisticRegression,
  oneOf,
  randomForest,
  tuned,
  wholeBetween,
} from './domain/trainer.ts'
export { type ErrorCode, VigieError } from './errors.ts'
