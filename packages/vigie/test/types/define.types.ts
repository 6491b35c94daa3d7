// Checked by tsc alone: nothing here runs. Each @ts-expect-error is a combination that must not compile.
import { expectTypeOf } from 'expect-type'
import {
  add,
  atMost,
  bucket,
  defineProject,
  difference,
  entity,
  equal,
  evidentlyRules,
  type FeaturesOf,
  f,
  featureView,
  ifNull,
  isAbove,
  isEqual,
  isNull,
  type KeyOf,
  type LabelOf,
  label,
  lessThan,
  log1p,
  randomForest,
  ratio,
  requires,
  rule,
  share,
  source,
  stableHoldout,
  value,
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

const computed = {
  ...base,
  derived: {
    pace: ratio('usage.hours', add('usage.days', 1)),
    change: difference('usage.hours'),
    on_a: isEqual('usage.plan', 'a'),
    busy: isAbove('usage.active', ifNull('usage.spare', 0)),
  },
  featureViews: {
    usage: featureView({
      entity: user,
      from: 'usage',
      features: {
        hours: f.float(),
        days: f.int(),
        active: f.boolean(),
        spare: f.optional(f.float()),
        plan: f.category('a', 'b'),
        note: f.string(),
        since: f.date(),
      },
    }),
  },
  promotion,
} as const

const withDerived = defineProject({ ...computed, model: { ...model, features: ['usage.hours', 'derived.*'] } })
expectTypeOf<FeaturesOf<typeof withDerived>['pace']>().toEqualTypeOf<number | null>()
expectTypeOf<FeaturesOf<typeof withDerived>['hours']>().toEqualTypeOf<number>()
expectTypeOf<LabelOf<typeof withDerived>>().toEqualTypeOf<{ readonly churned: boolean }>()
defineProject({ ...computed, model: { ...model, features: ['derived.pace', 'derived.on_a'] } })

defineProject({
  ...computed,
  // @ts-expect-error nothing derived is called "place"
  model: { ...model, features: ['derived.place'] },
})

defineProject({
  ...base,
  // @ts-expect-error nothing is derived
  model: { ...model, features: ['derived.*'] },
  promotion,
})

defineProject({
  ...computed,
  model,
  // @ts-expect-error the view "usage" has no feature "minutes"
  derived: { pace: ratio('usage.minutes', 'usage.days') },
})

defineProject({
  ...computed,
  model,
  // @ts-expect-error a category is no number
  derived: { pace: log1p('usage.plan') },
})

defineProject({
  ...computed,
  model,
  // @ts-expect-error a text is no number
  derived: { pace: isNull('usage.note') },
})

defineProject({
  ...computed,
  model,
  // @ts-expect-error the plans are a and b
  derived: { on_c: isEqual('usage.plan', 'c') },
})

defineProject({
  ...computed,
  model,
  // @ts-expect-error a date is not compared with a text
  derived: { old: isEqual('usage.since', '2024-01-31') },
})

// @ts-expect-error the edges of a bucket are numbers
bucket('usage.hours', ['1', '2'])

// Rules name columns of their file.
featureView({
  entity: user,
  from: 'bills',
  features: { fee: f.float(), refund: f.float() },
  eventTime: 'at',
  rules: [
    rule('a', atMost('refund', 'fee')),
    rule('b', lessThan('at', value('2024-01-31T00:00:00Z')), { when: equal('fee', 0) }),
    // @ts-expect-error there is no column "price"
    rule('c', atMost('refund', 'price')),
    // @ts-expect-error nor in a condition
    rule('d', atMost('refund', 'fee'), { when: equal('plan', true) }),
    // @ts-expect-error nor in a requirement
    rule('e', requires('refund', 'invoice')),
  ],
})

source('bills', {
  entity: user,
  columns: { fee: f.float() },
  // @ts-expect-error there is no column "refund"
  rules: [rule('a', atMost('refund', 'fee'))],
})
