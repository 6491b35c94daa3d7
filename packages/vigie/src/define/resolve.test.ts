import { expect, test } from 'vitest'
import type { Comparison, RowRule } from '../domain/contract.ts'
import { bestF1 } from '../domain/threshold.ts'
import { type GradientBoosting, gradientBoosting, randomForest } from '../domain/trainer.ts'
import type { VigieError } from '../errors.ts'
import { entity } from './entity.ts'
import { f } from './feature.ts'
import { type Features, featureView, source } from './feature-view.ts'
import { csv, type FileOptions, quarantineRows } from './files.ts'
import { label } from './label.ts'
import { defineProject } from './project.ts'
import { atMost, equal, lessThan, requires, rule, value } from './row-rules.ts'
import { anyOf, evidentlyRules, performance, share, stableHoldout } from './rules.ts'

const user = entity({ key: 'user_id', type: f.string(), listedIn: 'users' })

function definition() {
  return {
    name: 'flow',
    snapshots: { every: 'month', first: '2024-01-31' },
    csv: csv({ nulls: ['', 'NA'], booleans: ['Y', 'N'] }),
    featureViews: {
      usage: featureView({
        entity: user,
        from: 'usage',
        features: { hours: f.float({ min: 0 }), plan: f.category('a', 'b') },
      }),
      money: featureView({ entity: user, from: 'money', features: { fee: f.optional(f.int()) }, unused: ['currency'] }),
    },
    sources: [source('users', { entity: user, columns: { since: f.date() }, extra: 'keep' })],
    label: label({ entity: user, from: 'labels', column: 'left', type: f.boolean() }),
    model: {
      name: 'flow_churn',
      features: ['usage.*', 'money.fee'],
      trainer: randomForest({ trees: 10, seed: 1 }),
      holdout: stableHoldout({ fraction: 0.25 }),
      metrics: ['auc', 'f1'],
    },
    monitor: {
      against: 'previous-snapshot',
      drift: evidentlyRules(),
      retrainWhen: anyOf(share.atLeast(0.02), performance.drops({ metric: 'auc', by: 0.05 })),
    },
    promotion: { metric: 'auc', minGain: 0.01 },
    // biome-ignore lint/suspicious/noExplicitAny: the cases below are wrong on purpose, also for the compiler
  } as any
}

test('boosting is resolved as it is given, monotone in features of the model', () => {
  const d = definition()
  d.model.trainer = gradientBoosting({
    monotone: { 'usage.hours': 'decreasing', 'money.fee': 'increasing' },
    earlyStopping: { rounds: 20, fraction: 0.2 },
  })
  expect(defineProject(d).model.trainer).toEqual(d.model.trainer)
})

test('a definition resolves to one contract a file and an ordered feature spec', () => {
  const project = defineProject(definition())
  expect(project.model.features.map((c) => c.name)).toEqual(['usage.hours', 'usage.plan', 'money.fee'])
  expect(Object.keys(project.sources)).toEqual(['usage', 'money', 'users', 'labels'])
  expect(project.sources.money).toEqual({
    name: 'money',
    key: 'user_id',
    eventTime: null,
    createdTime: null,
    columns: [
      { name: 'user_id', type: 'string', optional: false },
      { name: 'fee', type: 'int', optional: true },
    ],
    unused: ['currency'],
    extra: 'reject',
    nulls: ['', 'NA'],
    booleans: { true: ['Y'], false: ['N'] },
    listedIn: 'users',
  })
  expect(project.sources.users).toMatchObject({ listedIn: null, extra: 'keep' })
  expect(project.promotion).toMatchObject({ confidence: 0.95, looks: 52, minGain: 0.01 })
})

test('what is said of a file and its columns is in its contract', () => {
  const changed = definition()
  const rules = [rule('no fee before the start', atMost('fee', 0), { when: equal('since', value('2024-01-31')) })]
  const fee = f.hold(f.unique(f.optional(f.float({ sentinels: [-1] }), { maxNullRate: 0.2 })))
  const badRows = quarantineRows({ maxShare: 0.01, maxRows: 10 })
  changed.featureViews.money = featureView({
    entity: user,
    from: 'money',
    features: { fee, since: f.timestamp({ zone: 'Europe/Paris', overlap: 'later' }) },
    asOfColumn: 'month',
    badRows,
  })
  changed.sources.push(source('bills', { entity: user, columns: { fee: f.int(), since: f.date() }, rules }))
  const project = defineProject(changed)
  expect(project.sources.money).toMatchObject({ asOfColumn: 'month', badRows })
  expect(project.sources.money?.columns).toEqual([
    { name: 'user_id', type: 'string', optional: false },
    { name: 'month', type: 'date', optional: false },
    { name: 'fee', type: 'float', optional: true, sentinels: [-1], maxNullRate: 0.2, unique: true, severity: 'hold' },
    { name: 'since', type: 'timestamp', optional: false, zone: 'Europe/Paris', overlap: 'later' },
  ])
  expect(project.sources.bills?.rules).toEqual([
    {
      name: 'no fee before the start',
      that: { kind: 'atMost', left: 'fee', right: { constant: 0 } },
      when: { kind: 'equal', left: 'since', right: { constant: '2024-01-31' } },
      severity: 'reject',
    },
  ])
  // Plain values, so that they go to threads and into hashes.
  expect(structuredClone(project.sources)).toEqual(project.sources)
})

test('the hash changes with the definition and with nothing else', () => {
  const other = definition()
  other.promotion.minGain = 0.02
  expect(defineProject(definition()).hash).toBe(defineProject(definition()).hash)
  expect(defineProject(other).hash).not.toBe(defineProject(definition()).hash)
})

const other = entity({ key: 'account_id', type: f.string() })
type D = ReturnType<typeof definition>
/** Adds a view with these features. */
function with_(d: D, features: Features, more: FileOptions = {}): void {
  d.featureViews.late = featureView({ entity: user, from: 'late', features, ...more } as never)
}
function ruled(d: D, that: RowRule['that'], when: Comparison | null = null): void {
  const features = {
    fee: f.int(),
    plan: f.category('a', 'b'),
    wish: f.category('a', 'b'),
    begun: f.date(),
    at: f.timestamp(),
    note: f.string(),
  }
  with_(d, features, { rules: [rule('r', that, { when })] })
}
function boosted(d: D, options: Partial<GradientBoosting>): void {
  d.model.trainer = gradientBoosting(options)
}

const MISTAKES: [string, (d: ReturnType<typeof definition>) => void, RegExp][] = [
  ['a first snapshot inside a month', (d) => (d.snapshots.first = '2024-01-30'), /inside a month/],
  ['a first snapshot that is no date', (d) => (d.snapshots.first = '2024-02-31'), /not a date of the calendar/],
  ['a selector without a view', (d) => d.model.features.push('use.*'), /names no feature view/],
  ['a selector that is inherited from Object', (d) => d.model.features.push('constructor.*'), /names no feature view/],
  ['a selector without a feature', (d) => d.model.features.push('usage.minutes'), /has no feature "minutes"/],
  ['a feature selected twice', (d) => d.model.features.push('usage.hours'), /selected twice/],
  [
    'two views with a feature of one name',
    (d) => {
      d.featureViews.late = featureView({ entity: user, from: 'late', features: { hours: f.float() } })
      d.model.features.push('late.hours')
    },
    /share a name/,
  ],
  [
    'one file read twice',
    (d) => (d.featureViews.late = featureView({ entity: user, from: 'usage', features: { a: f.int() } })),
    /read by two declarations/,
  ],
  [
    'a view about another entity',
    (d) => (d.featureViews.late = featureView({ entity: other, from: 'late', features: { a: f.int() } })),
    /about account_id/,
  ],
  [
    'a text feature in the model',
    (d) => {
      d.featureViews.late = featureView({ entity: user, from: 'late', features: { note: f.string() } })
      d.model.features.push('late.note')
    },
    /is a string/,
  ],
  [
    'a view that is not online in the model',
    (d) => {
      d.featureViews.late = featureView({ entity: user, from: 'late', features: { a: f.int() }, online: false })
      d.model.features.push('late.a')
    },
    /online: false/,
  ],
  [
    'a column with a name that objects inherit',
    (d) => (d.featureViews.late = featureView({ entity: user, from: 'late', features: { constructor: f.int() } })),
    /cannot be called "constructor"/,
  ],
  [
    'a column that is the key',
    (d) => (d.featureViews.late = featureView({ entity: user, from: 'late', features: { user_id: f.string() } })),
    /declared twice/,
  ],
  ['a listing file that nobody declares', (d) => (d.sources = []), /no view, source or label reads "users"/],
  ['a label that is text', (d) => (d.label = label({ ...d.label, type: f.string() })), /is string/],
  [
    'a label that may be null',
    (d) => (d.label = label({ ...d.label, type: f.optional(f.boolean()) })),
    /optional bool/,
  ],
  ['a label of one category', (d) => (d.label = label({ ...d.label, type: f.category('a') })), /has 1$/],
  ['a boolean as text', (d) => (d.label = label({ ...d.label, type: f.category('false', 'true') })), /false and true/],
  [
    'metrics of classes for a number',
    (d) => (d.label = label({ ...d.label, type: f.float() })),
    /model.metrics has "auc"/,
  ],
  [
    'a threshold for several classes',
    (d) => {
      d.label = label({ ...d.label, type: f.category('a', 'b', 'c') })
      d.model.threshold = 0.4
    },
    /not binary/,
  ],
  ['a best threshold of one part', (d) => (d.model.threshold = bestF1({ folds: 1 })), /folds/],
  ['a holdout of everything', (d) => (d.model.holdout = stableHoldout({ fraction: 1 })), /holdout.fraction is 1/],
  ['a metric that is not computed', (d) => (d.promotion.metric = 'logLoss'), /does not compute/],
  [
    'a watched metric that is not computed',
    (d) => (d.monitor.retrainWhen = anyOf(performance.drops({ metric: 'brier', by: 0.1 }))),
    /does not compute/,
  ],
  ['a forest without trees', (d) => (d.model.trainer = randomForest({ trees: 0 })), /trees: 0/],
  ['boosting without rounds', (d) => boosted(d, { rounds: 0 }), /gradientBoosting\(\{ rounds: 0 \}\)/],
  ['a tree of one leaf', (d) => boosted(d, { leaves: 1 }), /leaves: 1/],
  ['no learning', (d) => boosted(d, { learningRate: 0 }), /learningRate: 0/],
  ['more than all rows', (d) => boosted(d, { rowFraction: 1.1 }), /rowFraction: 1.1/],
  ['features that are none', (d) => boosted(d, { columnFraction: Number.NaN }), /columnFraction: NaN/],
  ['a negative penalty', (d) => boosted(d, { l2: -1 }), /l2: -1/],
  [
    'stopping by most of the rows',
    (d) => boosted(d, { earlyStopping: { rounds: 10, fraction: 0.6 } }),
    /earlyStopping.fraction: 0.6/,
  ],
  ['monotone in a category', (d) => boosted(d, { monotone: { 'usage.plan': 'increasing' } }), /monotone: usage.plan/],
  ['a way that is none', (d) => boosted(d, { monotone: { 'usage.hours': 'up' as never } }), /usage.hours"\]: up/],
  ['monotone in nothing known', (d) => boosted(d, { monotone: { 'v.nothing': 'increasing' } }), /monotone: v.nothing/],
  ['a negative gain', (d) => (d.promotion.minGain = -0.1), /minGain is -0.1/],
  [
    'a guard that was mistyped',
    (d) => (d.promotion.guards = { f1: { maxDorp: 0.02 } }),
    /guards.f1.maxDrop is undefined/,
  ],
  ['a slice of what the model does not read', (d) => (d.promotion.slices = ['usage.fame']), /usage\.fame/],
  ['a comparison that asks for less and names nobody', (d) => (d.promotion.rule = 'nonInferior'), /approver/],
  ['a guard on nothing known', (d) => (d.promotion.guards = { fame: { max: 1 } }), /guards.fame is fame/],
  [
    'a limit on a loss that is one of a score',
    (d) => (d.promotion.guards = { logLoss: { maxDrop: 1 } }),
    /logLoss.maxRise/,
  ],
  ['a gain that is no number', (d) => (d.promotion.minGain = Number.NaN), /minGain is NaN/],
  [
    'a null rate of what is never null',
    (d) => with_(d, { fee: { ...f.int(), maxNullRate: 0.1 } }),
    /fee" of "late" is never null/,
  ],
  ['a null rate of everything', (d) => with_(d, { fee: f.optional(f.int(), { maxNullRate: 1 }) }), /maxNullRate is 1/],
  [
    'a zone that is none',
    (d) => with_(d, { at: f.timestamp({ zone: 'Europe/Atlantis' }) }),
    /"Europe\/Atlantis" is no zone/,
  ],
  ['an offset as a zone', (d) => with_(d, { at: f.timestamp({ zone: '+02:00' }) }), /"\+02:00" is no zone/],
  ['a hold without a rule', (d) => with_(d, { fee: f.hold(f.category('a', 'b')) }), /none of the rules that can hold/],
  ['an overlap without a zone', (d) => with_(d, { at: f.timestamp({ overlap: 'later' }) }), /an overlap and no zone/],
  ['a sentinel that no int can be', (d) => with_(d, { fee: f.int({ sentinels: [-1, 0.5] }) }), /the sentinel 0.5/],
  [
    'an as_of that is no date',
    (d) => with_(d, { month: f.string() }, { asOfColumn: 'month' }),
    /"month" of "late" is string/,
  ],
  ['an as_of that is the key', (d) => with_(d, {}, { asOfColumn: 'user_id' }), /declared twice/],
  ['a rule about no column', (d) => ruled(d, requires('fee', 'price')), /reads "price", which is none/],
  ['a rule about a column that is kept', (d) => ruled(d, atMost('note', 5)), /"note" is string/],
  ['an order of categories', (d) => ruled(d, lessThan('plan', 'wish')), /"plan" is category/],
  ['a number and a date', (d) => ruled(d, atMost('fee', 'begun')), /"fee" is int, "begun" is date/],
  ['a category that is none', (d) => ruled(d, equal('plan', value('c'))), /"c" is no value of "plan"/],
  ['a date that does not exist', (d) => ruled(d, equal('begun', value('2024-02-30'))), /"2024-02-30" is no value/],
  ['an instant without an offset', (d) => ruled(d, equal('at', value('2024-02-01T00:00:00'))), /is no value of "at"/],
  ['a text as a number', (d) => ruled(d, equal('fee', value('1'))), /"1" is no value of "fee"/],
  ['a condition about nothing', (d) => ruled(d, atMost('fee', 1), equal('plan', true)), /true is no value of "plan"/],
  ['a rule without a name', (d) => with_(d, { fee: f.int() }, { rules: [rule('', atMost('fee', 1))] }), /has no name/],
  [
    'two rules of one name',
    (d) => with_(d, { fee: f.int() }, { rules: [rule('a', atMost('fee', 1)), rule('a', atMost('fee', 2))] }),
    /the rule "a" twice/,
  ],
  ['an impossible duration', (d) => (d.featureViews.usage = { ...d.featureViews.usage, ttl: 'soon' }), /usage.ttl/],
]

test.each(MISTAKES)('%s is refused and named', (_name, spoil, text) => {
  const spoilt = definition()
  spoil(spoilt)
  let error: VigieError | undefined
  try {
    defineProject(spoilt)
  } catch (thrown) {
    error = thrown as VigieError
  }
  expect(error?.message).toMatch(text)
  expect(['definition_invalid', 'as_of_invalid']).toContain(error?.code)
  expect(error?.details.rule).toBeTruthy()
})

test.each([
  ['a range that allows nothing', () => f.int({ min: 2, max: 1 })],
  ['a bound that is no number', () => f.float({ min: Number.NaN })],
  ['a fractional bound of an int', () => f.int({ max: 1.5 })],
  ['a category with a value twice', () => f.category('a', 'a')],
  ['a sentinel that is no number', () => f.float({ sentinels: [Number.NaN] })],
  ['a quarantine of no share', () => quarantineRows({ maxShare: 0, maxRows: 10 })],
  ['a quarantine of more than all', () => quarantineRows({ maxShare: 1.1, maxRows: 10 })],
  ['a quarantine of no rows', () => quarantineRows({ maxShare: 0.1, maxRows: 0 })],
  ['a quarantine of half a row', () => quarantineRows({ maxShare: 0.1, maxRows: 0.5 })],
])('%s is refused', (_name, make) => {
  expect(make).toThrow(expect.objectContaining({ code: 'definition_invalid' }))
})
