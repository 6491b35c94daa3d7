// Every option that a definition has, once. It is checked and tested, so it is always right; copy from it.
import {
  abs,
  add,
  anyOf,
  atMost,
  bestF1,
  between,
  bucket,
  calibrated,
  clip,
  csv,
  defineProject,
  difference,
  entity,
  equal,
  evidentlyRules,
  f,
  featureView,
  gates,
  gradientBoosting,
  ifNull,
  isAbove,
  isAtLeast,
  isAtMost,
  isBelow,
  isEqual,
  isNull,
  label,
  lessThan,
  linearRegression,
  log,
  log1p,
  logisticRegression,
  multiply,
  notEqual,
  oneOf,
  performance,
  previous,
  quarantineRows,
  randomForest,
  ratio,
  requires,
  rule,
  share,
  source,
  sqrt,
  stableHoldout,
  subtract,
  tuned,
  value,
  wholeBetween,
} from 'vigie'

const machine = entity({
  key: 'machine_id', // the column that identifies it in every file
  type: f.string(),
  listedIn: 'machines', // rows of other files with a key that is not there are refused
})

// A file that belongs to no view: checked and kept with the snapshot.
const machines = source('machines', {
  entity: machine,
  columns: {
    built: f.date(),
    sold: f.optional(f.date(), { maxNullRate: 0.9 }), // null in at most nine of ten rows
    site: f.string(),
    plate: f.unique(f.string()), // no two machines have the same
    checked_at: f.timestamp({ zone: 'Europe/Paris', overlap: 'earlier' }), // the clock that times without an offset are from
  },
  rules: [
    rule('machines are built before they are sold', lessThan('built', 'sold')), // a comparison with a null holds
    rule('machines in stock are not sold', equal('sold', value('1900-01-01')), {
      when: notEqual('checked_at', value('1900-01-01T00:00:00Z')), // asked only of rows where this is true
      severity: 'hold', // keeps the delivery back until somebody approves it
    }),
  ],
  unused: ['serial_number'], // columns that the file has and nothing reads: kept as text
  gates: gates({ freshness: { column: 'built', maxAge: '365d' } }), // the newest one is from the last year
})

const sensors = featureView({
  entity: machine,
  from: 'sensors_30d', // sensors_30d.csv
  features: {
    temperature: f.hold(f.float({ min: -50, max: 200 })), // values outside keep the delivery back, to be approved or not
    starts: f.int({ min: 0, sentinels: [999] }), // numbers that mean "no value": they are refused
    alarm: f.boolean(),
    mode: f.category('idle', 'normal', 'heavy'),
    vibration: f.optional(f.float({ min: 0 })), // null is a legal value and stays null
  },
  ttl: '60d', // older values count as absent
  arrives: '2d', // known two days after the date they are true for
  owner: 'plant-data',
  extra: 'keep', // columns that nobody named are kept as text; the default refuses the file
})

const readings = featureView({
  entity: machine,
  from: 'readings', // a row an event: a machine has any number of them, each true from its own time until the next
  eventTime: 'taken_at', // an instant with its offset; declare it among the features to give it a zone
  createdTime: 'written_at', // of two rows of one machine and time, the later written counts
  features: { pressure: f.float({ min: 0 }) },
  ttl: '12h',
})

const costs = featureView({
  entity: machine,
  from: 'costs',
  features: {
    repair_cost: f.float({ min: 0 }),
    refund: f.optional(f.float({ min: 0 })),
    invoice: f.optional(f.string()),
  },
  rules: [
    rule('refunds are at most the cost', atMost('refund', 'repair_cost')),
    rule('refunds have an invoice', requires('refund', 'invoice')),
  ],
  asOfColumn: 'month', // a date in every row that must be the as_of of the delivery
  badRows: quarantineRows({ maxShare: 0.001, maxRows: 1000 }), // rows with broken values are left out and kept aside
  csv: csv({ nulls: ['', 'NA'], booleans: ['Y', 'N'] }), // this file writes its values differently
  online: false, // not in the online store, so no model may read it
  gates: gates({
    rowCount: { min: 100, max: 1_000_000 }, // refuses the delivery; what follows keeps it back until it is approved
    volume: { maxChange: 0.3 }, // against the file before: 30 % fewer or more rows
    unitChange: { ratio: 10 }, // a median ten times as large, or a tenth
    constantColumn: 'off', // each of them can be turned off
    sentinelSpike: { above: 0.02, below: 0.001 }, // a value in 2 % of the rows that was in 0.1 % of them
    columnsSwapped: { distance: 0.3 }, // two columns that look as the other did, and not as they did
    nullRateJump: { rise: 0.1, severity: 'reject' }, // 10 points more nulls; refused, not held
  }),
})

export default defineProject({
  name: 'every_option',
  snapshots: {
    every: 'month',
    first: '2024-01-31',
    gaps: 'allow', // train although a month before never came; the default refuses
    manifest: 'required', // each delivery says in manifest.json what its files are; the default reads one if it is there
    maxBytes: 20e9, // of the text of one file; the default is 100 GB
  },
  csv: csv({ nulls: [''], booleans: ['true', 'false'] }), // for every file that says nothing else
  featureViews: { sensors, readings, costs },
  derived: {
    // computed from features of online views by the same code for training and for a request; null in gives null out
    wear: ratio('sensors.starts', add('sensors.temperature', 60)), // null where the divisor is 0
    starts_log: log1p('sensors.starts'), // or log, null for 0 and less
    load: bucket('sensors.starts', [10, 100, 1000]), // 0 below 10, 1 below 100, ...
    heavy: isEqual('sensors.mode', 'heavy'), // 1 or 0
    shaking: ifNull(sqrt(clip('sensors.vibration', { low: 0, high: 50 })), 0),
    unknown_vibration: isNull('sensors.vibration'), // 1 or 0, never null
    hot_alarm: multiply('sensors.alarm', isAtLeast('sensors.temperature', 90)), // a boolean counts as 0 or 1
    cold: isBelow('sensors.temperature', 0),
    out_of_range: abs(subtract('sensors.temperature', 20)),
    warming: difference('sensors.temperature'), // since the snapshot before; null in the first
    busier: isAbove('sensors.starts', previous('sensors.starts')),
    rested: isAtMost(log('sensors.starts'), 1),
  },
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
    features: [
      'sensors.temperature',
      'sensors.starts',
      'sensors.alarm',
      'sensors.mode',
      'sensors.vibration',
      'derived.wear', // or 'derived.*'
      'derived.warming',
    ],
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
    threshold: bestF1({ folds: 5 }), // class 1 above it; chosen on the training rows, out of fold. Or a number; 0.5 by default
    sampleWeight: 'costs.repair_cost', // how much a row counts in training; above 0, and not null
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
    slices: ['sensors.mode', 'sensors.alarm'], // parts of the rows that must not be harmed; others are found without being named
    proveSlices: { of: ['sensors.alarm'], margin: 0.02 }, // not only no harm shown: shown to be harmed by less than that
    rule: 'nonInferior', // not worse by minGain is enough, for a model that is wanted for another reason; the default is 'better'
    approver: 'Ada Lovelace', // who approved that: of equal models the rule promotes one now and then
    exposure: 'neither', // compared on entities that neither model was trained on; or 'both' that both know
  },
})

/** Other trainers, which a project has in place of its forest. */
export const boosting = gradientBoosting({
  rounds: 400, // trees; early stopping may end before
  learningRate: 0.03,
  leaves: 15,
  minSamplesLeaf: 20,
  l2: 1,
  rowFraction: 0.8, // of each tree
  columnFraction: 0.8, // of each tree
  earlyStopping: { rounds: 30, fraction: 0.15 }, // of the training entities; null takes all rounds
  monotone: { 'sensors.temperature': 'increasing' }, // or 'decreasing'
  classWeight: { true: 3 }, // by name of the class, 1 for the others; or 'balanced', or 'none'
  seed: 7,
})

export const logistic = logisticRegression({
  l2: 1, // half of it times the squared coefficients is added to the loss; or C: 1, which is its inverse
  maxIterations: 100,
  tolerance: 1e-8, // of the derivatives of the mean loss
  classWeight: 'balanced',
})

/** For a label that is a number; forests and boosting fit those as well. */
export const ridge = linearRegression({ l2: 1, maxIterations: 100, tolerance: 1e-8 })

/** Parameters are chosen by cross-validation inside the training rows; the holdout is never seen. */
export const searched = tuned(
  boosting,
  {
    learningRate: between(0.01, 0.1, 'log'), // each doubling is as likely
    leaves: wholeBetween(4, 32, 'log'),
    rowFraction: between(0.5, 1),
    earlyStopping: oneOf(null, { rounds: 30, fraction: 0.15 }),
  },
  {
    trials: 24, // settings that are tried: the trainer as it is, and others drawn from the space
    folds: 5, // the better half goes on to the next fold each time
    metric: 'logLoss', // by default auc of two classes, logLoss of several, rmse of numbers
    seed: 7,
  },
)

/** The best of several trainers, each with its own space or none. */
export const best = tuned([logistic, searched], { trials: 30 })

/** Probabilities that come true as often as they say; the ranks stay. */
export const honest = calibrated(best, {
  method: 'isotonic', // any shape, from a thousand rows on; or 'platt', a sigmoid
  folds: 5, // of the training entities, each scored by a model that did not see it
})
