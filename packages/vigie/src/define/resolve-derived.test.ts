import { expect, test } from 'vitest'
import { randomForest } from '../domain/trainer.ts'
import type { VigieError } from '../errors.ts'
import {
  abs,
  add,
  bucket,
  clip,
  type Derived,
  difference,
  ifNull,
  isEqual,
  isNull,
  log1p,
  previous,
  ratio,
} from './derived.ts'
import { entity } from './entity.ts'
import { f } from './feature.ts'
import { featureView } from './feature-view.ts'
import { label } from './label.ts'
import { onlineInputs, viewInputs } from './model-input.ts'
import { defineProject, type Project } from './project.ts'
import { evidentlyRules, share, stableHoldout } from './rules.ts'

const user = entity({ key: 'user_id', type: f.string() })
const featureViews = {
  usage: featureView({
    entity: user,
    from: 'usage',
    features: { hours: f.float(), days: f.int(), plan: f.category('a', 'b'), note: f.string() },
  }),
  money: featureView({ entity: user, from: 'money', features: { fee: f.optional(f.int()) } }),
  calls: featureView({ entity: user, from: 'calls', features: { length: f.float() }, eventTime: 'at' }),
  late: featureView({ entity: user, from: 'late', features: { debt: f.float() }, online: false }),
}

function project(
  derived: unknown,
  features: readonly string[] = ['derived.*'],
  views: Readonly<Record<string, unknown>> = featureViews,
): Project {
  return defineProject({
    name: 'flow',
    snapshots: { every: 'month', first: '2024-01-31' },
    featureViews: views as typeof featureViews,
    derived: derived as Record<string, never>,
    label: label({ entity: user, from: 'labels', column: 'left', type: f.boolean() }),
    model: {
      name: 'churn',
      features: features as ['usage.*'],
      trainer: randomForest({ trees: 10, seed: 1 }),
      holdout: stableHoldout({ fraction: 0.25 }),
      metrics: ['auc'],
    },
    monitor: { against: 'previous-snapshot', drift: evidentlyRules(), retrainWhen: share.atLeast(0.1) },
    promotion: { metric: 'auc', minGain: 0.01 },
  })
}

const hours = { name: 'usage.hours', view: 'usage', feature: 'hours', type: 'float', optional: false }

test('a derived feature is an optional number that carries its expression over base columns', () => {
  const { model, derived } = project({ pace: ratio('usage.hours', 2), change: difference('usage.hours') })
  expect(model.features).toEqual(derived)
  expect(derived[0]).toEqual({
    name: 'derived.pace',
    view: 'derived',
    feature: 'pace',
    type: 'float',
    optional: true,
    expression: { op: 'ratio', left: { op: 'column', column: hours }, right: { op: 'constant', value: 2 } },
  })
  expect(derived[1]?.expression).toMatchObject({
    op: 'subtract',
    right: { column: { ...hours, name: 'usage.hours@previous', optional: true, lag: 1 } },
  })
})

test('derived features are selected one by one or all at once, beside those of views', () => {
  const derived = { one: abs('usage.hours'), two: isEqual('usage.plan', 'b'), three: isNull('money.fee') }
  const names = (features: readonly string[]) => project(derived, features).model.features.map(({ name }) => name)
  expect(names(['derived.two', 'usage.hours'])).toEqual(['derived.two', 'usage.hours'])
  expect(names(['money.*', 'derived.*'])).toEqual(['money.fee', 'derived.one', 'derived.two', 'derived.three'])
})

test('expressions are made of expressions, also those of the snapshot before', () => {
  const growth = ratio(difference(add('usage.hours', 'usage.days')), previous(ifNull('money.fee', 0)))
  const inputs = viewInputs(project({ growth }), 'usage')
  expect(inputs.map(({ name }) => name)).toEqual([
    'usage.hours',
    'usage.days',
    'usage.plan',
    'usage.hours@previous',
    'usage.days@previous',
  ])
})

test('a view keeps the values before that some derived feature reads, used by the model or not', () => {
  const { featureViews: views, derived } = project({ change: difference('money.fee') }, ['usage.hours'])
  const names = onlineInputs({ featureViews: views, derived }).map(({ name }) => name)
  expect(names).toEqual(['usage.hours', 'usage.days', 'usage.plan', 'money.fee', 'money.fee@previous', 'calls.length'])
  expect(onlineInputs({ featureViews: views, derived: [] }).map(({ name }) => name)).toEqual(names.toSpliced(4, 1))
})

test('the hash of a definition changes with an expression', () => {
  const hash = (edge: number) => project({ tenure: bucket('usage.days', [6, edge]) }).hash
  expect(hash(12)).toBe(hash(12))
  expect(hash(24)).not.toBe(hash(12))
})

test('-0 is written as 0, which is what JSON reads', () => {
  expect(clip('usage.hours', { low: -0, high: 1 }).expression).toMatchObject({ low: 0 })
})

function deep(levels: number): Derived {
  let expression: Derived = log1p('usage.hours')
  for (let i = 0; i < levels; i++) expression = abs(expression)
  return expression
}

const MISTAKES: [string, () => unknown, RegExp][] = [
  ['a name that is none', () => project({ 'Pace-1': abs('usage.hours') }), /cannot be called "Pace-1"/],
  ['the name of a feature', () => project({ debt: abs('usage.hours') }), /"derived.debt" and "late.debt" share a name/],
  ['the name of the key', () => project({ user_id: abs('usage.hours') }), /the entity key share a name/],
  ['a text in place of an expression', () => project({ pace: 'usage.hours' }), /"derived.pace" is none/],
  ['nothing in place of an expression', () => project({ pace: undefined }), /"derived.pace" is none/],
  ['a view that is not there', () => project({ pace: abs('use.hours') }), /reads "use.hours", which no view has/],
  ['a feature that is not there', () => project({ pace: abs('usage.toString') }), /reads "usage.toString"/],
  ['a selector of all', () => project({ pace: abs('usage.*') }), /reads "usage.\*"/],
  ['another derived feature', () => project({ a: abs('usage.hours'), b: abs('derived.a') }), /reads "derived.a"/],
  ['a text', () => project({ pace: isNull('usage.note') }), /"usage.note" is a string/],
  ['a category as a number', () => project({ pace: log1p('usage.plan') }), /"derived.pace" is no legal expression/],
  ['a category that is not listed', () => project({ c: isEqual('usage.plan', 'c') }), /"derived.c" is no legal/],
  ['a number beside a text', () => project({ c: isEqual('usage.days', 'c') }), /"derived.c" is no legal/],
  ['a view that is not online', () => project({ pace: abs('late.debt') }), /online: false/],
  ['what an event was before', () => project({ c: difference('calls.length') }), /in a view with an eventTime/],
  ['edges out of order', () => project({ pace: bucket('usage.days', [12, 6]) }), /"derived.pace" is no legal/],
  ['a constant that is none', () => project({ pace: add('usage.days', Number.NaN) }), /"derived.pace" is no legal/],
  ['two snapshots back', () => project({ pace: difference(previous('usage.days')) }), /two snapshots back/],
  ['one that is too deep', () => project({ pace: deep(31) }), /"derived.pace" is no legal/],
  ['a selector of nothing', () => project({}, ['derived.*']), /"derived.\*" names no derived feature/],
  ['a selector of another', () => project({ a: abs('usage.hours') }, ['derived.b']), /"derived.b" names no derived/],
  ['one selected twice', () => project({ a: abs('usage.hours') }, ['derived.*', 'derived.a']), /selected twice/],
  [
    'a view called derived',
    () => project({}, ['usage.*'], { usage: featureViews.usage, derived: featureViews.money }),
    /a view has/,
  ],
]

test.each(MISTAKES)('%s is refused and named', (_name, make, text) => {
  let error: VigieError | undefined
  try {
    make()
  } catch (thrown) {
    error = thrown as VigieError
  }
  expect(error?.message).toMatch(text)
  expect(error?.code).toBe('definition_invalid')
  expect(error?.details.rule).toBeTruthy()
})
