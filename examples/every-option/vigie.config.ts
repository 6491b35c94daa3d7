// Every option that a definition has, once. It is checked and tested, so it is always right; copy from it.
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

const machine = entity({
  key: 'machine_id', // the column that identifies it in every file
  type: f.string(),
  listedIn: 'machines', // rows of other files with a key that is not there are refused
})

// A file that belongs to no view: checked and kept with the snapshot.
const machines = source('machines', {
  entity: machine,
  columns: { built: f.date(), site: f.string() },
  unused: ['serial_number'], // columns that the file has and nothing reads: kept as text
})

const sensors = featureView({
  entity: machine,
  from: 'sensors_30d', // sensors_30d.csv
  features: {
    temperature: f.float({ min: -50, max: 200 }),
    starts: f.int({ min: 0 }),
    alarm: f.boolean(),
    mode: f.category('idle', 'normal', 'heavy'),
    vibration: f.optional(f.float({ min: 0 })), // null is a legal value and stays null
  },
  ttl: '60d', // older values count as absent
  arrives: '2d', // known two days after the date they are true for
  owner: 'plant-data',
  extra: 'keep', // columns that nobody named are kept as text; the default refuses the file
})

const costs = featureView({
  entity: machine,
  from: 'costs',
  features: { repair_cost: f.float({ min: 0 }) },
  csv: csv({ nulls: ['', 'NA'], booleans: ['Y', 'N'] }), // this file writes its values differently
  online: false, // not in the online store, so no model may read it
})

export default defineProject({
  name: 'every_option',
  snapshots: { every: 'month', first: '2024-01-31' },
  csv: csv({ nulls: [''], booleans: ['true', 'false'] }), // for every file that says nothing else
  featureViews: { sensors, costs },
  sources: [machines],
  label: label({
    entity: machine,
    from: 'failures',
    column: 'failed',
    type: f.boolean(),
    horizon: '30d', // the outcome is decided within 30 days
    arrives: '5d', // and known 5 days later
  }),
  model: {
    name: 'machine_failure',
    features: ['sensors.temperature', 'sensors.starts', 'sensors.alarm', 'sensors.mode', 'sensors.vibration'],
    trainer: randomForest({
      trees: 200,
      maxFeatures: 'sqrt', // or 'all', or a number
      classWeight: 'balanced', // or 'none'
      minSamplesLeaf: 5,
      maxDepth: 20, // null lets trees grow until their leaves are pure
      seed: 7,
    }),
    holdout: stableHoldout({ fraction: 0.3 }),
    metrics: ['auc', 'f1', 'accuracy', 'logLoss', 'brier'],
    threshold: 0.4, // class 1 when the probability is above it
  },
  monitor: {
    against: 'previous-snapshot',
    drift: evidentlyRules(),
    retrainWhen: anyOf(share.atLeast(0.1), performance.drops({ metric: 'auc', by: 0.03 })),
  },
  promotion: {
    metric: 'auc',
    minGain: 0.005,
    confidence: 0.9, // over a champion's whole reign of that many looks
    looks: 26,
    floor: 0.6, // what a first model's lower bound must be above
    guards: {
      f1: { maxDrop: 0.02, mode: 'shown' }, // blocks when the harm is shown; 'point' and 'prove' are stricter
      logLoss: { maxRise: 0.02 },
    },
  },
})
