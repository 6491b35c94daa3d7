// StreamFlow: will a subscriber leave? One file says what a user is, what is known about one, what is predicted, and
// what a better model must show.
import {
  anyOf,
  csv,
  defineProject,
  entity,
  evidentlyRules,
  f,
  featureView,
  label,
  performance,
  randomForest,
  share,
  source,
  stableHoldout,
} from 'vigie'

const user = entity({ key: 'user_id', type: f.string(), listedIn: 'users' })

const users = source('users', {
  entity: user,
  columns: { signup_date: f.date() },
  unused: ['user_gender', 'user_is_senior', 'has_family', 'has_dependents'],
})

const subscription = featureView({
  entity: user,
  from: 'subscriptions',
  features: {
    months_active: f.int({ min: 0 }),
    monthly_fee: f.float({ min: 0 }),
    paperless_billing: f.boolean(),
    plan_stream_tv: f.optional(f.boolean()), // null for users without internet
    plan_stream_movies: f.optional(f.boolean()),
    net_service: f.category('DSL', 'Fiber optic', 'No'),
  },
  unused: ['contract_type', 'total_paid'],
})

const usage = featureView({
  entity: user,
  from: 'usage_agg_30d',
  features: {
    watch_hours_30d: f.float({ min: 0 }),
    avg_session_mins_7d: f.float({ min: 0 }),
    unique_devices_30d: f.int({ min: 0 }),
    skips_7d: f.int({ min: 0 }),
    rebuffer_events_7d: f.int({ min: 0 }),
  },
})

const payments = featureView({
  entity: user,
  from: 'payments_agg_90d',
  features: { failed_payments_90d: f.int({ min: 0 }) },
})

const support = featureView({
  entity: user,
  from: 'support_agg_90d',
  features: { support_tickets_90d: f.int({ min: 0 }), ticket_avg_resolution_hrs_90d: f.float({ min: 0 }) },
})

export default defineProject({
  name: 'streamflow',
  csv: csv({ nulls: [''], booleans: ['True', 'False'] }),
  snapshots: { every: 'month', first: '2024-01-31' }, // the files carry no date: the command or the folder gives it
  featureViews: { subscription, usage, payments, support },
  sources: [users],
  label: label({ entity: user, from: 'labels', column: 'churn_label', type: f.boolean() }),
  model: {
    name: 'streamflow_churn',
    features: ['subscription.*', 'usage.*', 'payments.*', 'support.*'],
    trainer: randomForest({ trees: 300, maxFeatures: 'sqrt', classWeight: 'balanced', seed: 42 }),
    holdout: stableHoldout({ fraction: 0.25 }), // by a hash of the user: the same users for every model, for ever
    metrics: ['auc', 'f1', 'accuracy', 'logLoss'],
  },
  monitor: {
    against: 'previous-snapshot',
    drift: evidentlyRules(), // the reference's tests by type and size
    retrainWhen: anyOf(share.atLeast(0.02), performance.drops({ metric: 'auc', by: 0.05 })),
  },
  promotion: { metric: 'auc', minGain: 0.01, confidence: 0.95, guards: { logLoss: { maxRise: 0.02 } } },
})
