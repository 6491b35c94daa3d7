// Checked by tsc alone: nothing here runs. Each @ts-expect-error is a combination that must not compile.
import {
  bestF1,
  between,
  calibrated,
  defineProject,
  entity,
  evidentlyRules,
  f,
  featureView,
  gradientBoosting,
  label,
  linearRegression,
  logisticRegression,
  oneOf,
  randomForest,
  share,
  stableHoldout,
  tuned,
  wholeBetween,
} from 'vigie'

const space = {
  learningRate: between(0.01, 0.1, 'log'),
  leaves: wholeBetween(4, 64),
  classWeight: oneOf('none', 'balanced'),
  earlyStopping: oneOf(null, { rounds: 20, fraction: 0.1 }),
} as const

tuned(gradientBoosting(), space, { trials: 10, metric: 'auc' })
tuned([logisticRegression({ C: 2 }), randomForest(), tuned(gradientBoosting(), space)])
calibrated(tuned(randomForest(), { maxFeatures: oneOf('sqrt', 4), maxDepth: wholeBetween(3, 20) }))

// @ts-expect-error a forest has no learning rate
tuned(randomForest(), { learningRate: oneOf(0.1) })

// @ts-expect-error nor can its kind be searched
tuned(randomForest(), { kind: oneOf('randomForest') })

// @ts-expect-error the weights of classes are no number
tuned(randomForest(), { classWeight: between(1, 2) })

// @ts-expect-error early stopping is no range
tuned(gradientBoosting(), { earlyStopping: wholeBetween(1, 2) })

// @ts-expect-error the number of leaves is no text
tuned(gradientBoosting(), { leaves: oneOf('8') })

// @ts-expect-error there is no such metric
tuned(gradientBoosting(), {}, { metric: 'gini' })

// @ts-expect-error a calibration is calibrated once
calibrated(calibrated(randomForest()))

// @ts-expect-error what is searched is no calibration
tuned(calibrated(randomForest()), {})

// @ts-expect-error l2 is 1 / C
logisticRegression({ l2: 1, C: 1 })

// @ts-expect-error numbers have no classes
linearRegression({ classWeight: 'balanced' })

const user = entity({ key: 'user_id', type: f.string() })
const usage = featureView({ entity: user, from: 'usage', features: { hours: f.float(), worth: f.float() } })
const base = {
  name: 'x',
  snapshots: { every: 'month', first: '2024-01-31' },
  featureViews: { usage },
  label: label({ entity: user, from: 'labels', column: 'churned', type: f.boolean() }),
  monitor: { against: 'previous-snapshot', drift: evidentlyRules(), retrainWhen: share.atLeast(0.02) },
  promotion: { metric: 'auc', minGain: 0.01 },
} as const
const model = {
  name: 'm',
  features: ['usage.hours'],
  trainer: randomForest(),
  holdout: stableHoldout({ fraction: 0.25 }),
  metrics: ['auc'],
} as const

defineProject({ ...base, model: { ...model, sampleWeight: 'usage.worth', threshold: bestF1() } })

// @ts-expect-error the view "usage" has no feature "value"
defineProject({ ...base, model: { ...model, sampleWeight: 'usage.value' } })

// @ts-expect-error rows have one weight
defineProject({ ...base, model: { ...model, sampleWeight: 'usage.*' } })
