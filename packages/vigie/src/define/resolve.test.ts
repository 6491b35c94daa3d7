import { expect, test } from 'vitest'
import { randomForest } from '../domain/trainer.ts'
import type { VigieError } from '../errors.ts'
import { entity } from './entity.ts'
import { f } from './feature.ts'
import { featureView, source } from './feature-view.ts'
import { csv } from './files.ts'
import { label } from './label.ts'
import { defineProject } from './project.ts'
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

test('the hash changes with the definition and with nothing else', () => {
  const other = definition()
  other.promotion.minGain = 0.02
  expect(defineProject(definition()).hash).toBe(defineProject(definition()).hash)
  expect(defineProject(other).hash).not.toBe(defineProject(definition()).hash)
})

const other = entity({ key: 'account_id', type: f.string() })
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
  ['a label that is no boolean', (d) => (d.label = label({ ...d.label, type: f.float() })), /is float/],
  ['a holdout of everything', (d) => (d.model.holdout = stableHoldout({ fraction: 1 })), /holdout.fraction is 1/],
  ['a metric that is not computed', (d) => (d.promotion.metric = 'logLoss'), /does not compute/],
  [
    'a watched metric that is not computed',
    (d) => (d.monitor.retrainWhen = anyOf(performance.drops({ metric: 'brier', by: 0.1 }))),
    /does not compute/,
  ],
  ['a forest without trees', (d) => (d.model.trainer = randomForest({ trees: 0 })), /trees: 0/],
  ['a negative gain', (d) => (d.promotion.minGain = -0.1), /minGain is -0.1/],
  [
    'a guard that was mistyped',
    (d) => (d.promotion.guards = { f1: { maxDorp: 0.02 } }),
    /guards.f1.maxDrop is undefined/,
  ],
  [
    'a guard on what nothing measures',
    (d) => (d.promotion.guards = { latencyMs: { max: 10 } }),
    /latencyMs would hold every challenger/,
  ],
  ['a guard on nothing known', (d) => (d.promotion.guards = { fame: { max: 1 } }), /guards.fame is fame/],
  [
    'a limit on a loss that is one of a score',
    (d) => (d.promotion.guards = { logLoss: { maxDrop: 1 } }),
    /logLoss.maxRise/,
  ],
  ['a gain that is no number', (d) => (d.promotion.minGain = Number.NaN), /minGain is NaN/],
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
])('%s is refused', (_name, make) => {
  expect(make).toThrow(expect.objectContaining({ code: 'definition_invalid' }))
})
