import {
  atMost,
  csv,
  defineProject,
  entity,
  evidentlyRules,
  f,
  featureView,
  gates,
  label,
  notEqual,
  randomForest,
  rule,
  share,
  source,
  stableHoldout,
  value,
} from 'vigie'

const thing = entity({ key: 'thing', type: f.string(), listedIn: 'new' })

/** Names that are words of the language, values that look like something else, event times, a gate of each kind off. */
export const peculiar = defineProject({
  name: 'peculiar',
  csv: csv({ nulls: ['', 'null', '~', 'No'], booleans: ['yes', 'off'] }),
  snapshots: { every: 'month', first: '2023-12-31' },
  featureViews: {
    class: featureView({
      entity: thing,
      from: 'class',
      features: {
        default: f.optional(f.category("it's", '\u202eevil', 'line\nbreak', '2024-01-31', 'true', '1e3', 'é'), {
          maxNullRate: 0.07,
        }),
        tiny: f.float({ min: -1e-300, max: 5e-324 }),
        minus: f.int({ min: -0, max: Number.MAX_SAFE_INTEGER, sentinels: [-1] }),
        f: f.hold(f.unique(f.int())),
      },
      gates: gates({
        volume: 'off',
        freshness: { column: 'at', maxAge: '36h', severity: 'reject' },
        rowCount: { min: 1, severity: 'hold' },
      }),
      eventTime: 'at',
      createdTime: 'made',
    }),
    share: featureView({
      entity: thing,
      from: 'share',
      features: {
        at: f.timestamp({ zone: 'America/New_York', overlap: 'later' }),
        flag: f.boolean(),
        other: f.float(),
      },
      eventTime: 'at',
      rules: [
        rule('a // comment */ in a name', atMost('other', 0.1), { when: notEqual('flag', true), severity: 'hold' }),
        rule('2', notEqual('at', value('2024-01-01T00:00:00Z'))),
      ],
      csv: csv(),
      ttl: '90m',
    }),
  },
  sources: [source('new', { entity: thing, columns: {}, unused: ['label', 'entity'], extra: 'keep' })],
  label: label({ entity: thing, from: 'derived', column: 'await', type: f.boolean(), unused: ['x'] }),
  model: {
    name: 'm',
    features: ['class.tiny', 'share.flag'],
    trainer: randomForest(),
    holdout: stableHoldout({ fraction: 0.25 }),
    metrics: ['auc'],
  },
  monitor: { against: 'previous-snapshot', drift: evidentlyRules(), retrainWhen: share.atLeast(0.02) },
  promotion: { metric: 'auc', minGain: 0.01 },
})
