// Checked by tsc alone: nothing here runs. Each @ts-expect-error is a combination that must not compile.
import { expectTypeOf } from 'expect-type'
import {
  defineProject,
  entity,
  evidentlyRules,
  type FeaturesOf,
  f,
  featureView,
  type KeyOf,
  type LabelOf,
  label,
  randomForest,
  share,
  stableHoldout,
} from 'vigie'
import type streamflow from '../../../../examples/streamflow/vigie.config.ts'

type Streamflow = typeof streamflow

expectTypeOf<KeyOf<Streamflow>>().toEqualTypeOf<{ readonly user_id: string }>()
expectTypeOf<LabelOf<Streamflow>>().toEqualTypeOf<{ readonly churn_label: boolean }>()
expectTypeOf<FeaturesOf<Streamflow>['net_service']>().toEqualTypeOf<'DSL' | 'Fiber optic' | 'No'>()
expectTypeOf<FeaturesOf<Streamflow>['plan_stream_tv']>().toEqualTypeOf<boolean | null>()
expectTypeOf<FeaturesOf<Streamflow>['monthly_fee']>().toEqualTypeOf<number>()
expectTypeOf<keyof FeaturesOf<Streamflow>>().extract<'tickets'>().toBeNever()

const user = entity({ key: 'user_id', type: f.string() })
const usage = featureView({ entity: user, from: 'usage', features: { hours: f.float(), plan: f.category('a', 'b') } })
const churned = label({ entity: user, from: 'labels', column: 'churned', type: f.boolean() })
const base = {
  name: 'x',
  snapshots: { every: 'month', first: '2024-01-31' },
  featureViews: { usage },
  label: churned,
  monitor: { against: 'previous-snapshot', drift: evidentlyRules(), retrainWhen: share.atLeast(0.02) },
} as const
const model = {
  name: 'm',
  features: ['usage.*'],
  trainer: randomForest(),
  holdout: stableHoldout({ fraction: 0.25 }),
  metrics: ['auc', 'f1'],
} as const

const promotion = { metric: 'auc', minGain: 0.01 } as const

defineProject({ ...base, model, promotion })

defineProject({
  ...base,
  model,
  // @ts-expect-error the gate cannot decide on a metric that the model does not compute
  promotion: { metric: 'logLoss', minGain: 0.01 },
})

defineProject({
  ...base,
  // @ts-expect-error there is no view "use"
  model: { ...model, features: ['use.*'] },
  promotion,
})

defineProject({
  ...base,
  // @ts-expect-error the view "usage" has no feature "minutes"
  model: { ...model, features: ['usage.minutes'] },
  promotion,
})

defineProject({
  ...base,
  // @ts-expect-error there is no metric "gini"
  model: { ...model, metrics: ['auc', 'gini'] },
  promotion,
})

defineProject({
  ...base,
  // @ts-expect-error snapshots are monthly
  snapshots: { every: 'day', first: '2024-01-31' },
  model,
  promotion,
})

defineProject({
  ...base,
  model,
  // @ts-expect-error a loss gets worse by rising
  promotion: { ...promotion, guards: { logLoss: { maxDrop: 0.02 } } },
})

// @ts-expect-error a key is text
entity({ key: 'user_id', type: f.int() })

// @ts-expect-error a category needs values
f.category()
