import { expect, test } from 'vitest'
import { asOf } from './as-of.ts'
import type { RetrainRule } from './policy.ts'
import { decideRetrain, type RetrainEvidence } from './retrain.ts'

const share: RetrainRule = { kind: 'drift_share', atLeast: 0.02 }
const performance: RetrainRule = { kind: 'performance', metric: 'auc', drop: 0.05 }
const rule: RetrainRule = { kind: 'any', of: [share, performance] }
const fallen = { metric: 'auc', was: 0.8128, now: { value: 0.4881, low: 0.455, high: 0.522 } } as const
const steady = { metric: 'auc', was: 0.8128, now: { value: 0.8101, low: 0.786, high: 0.834 } } as const
const evidence: RetrainEvidence = {
  hasChampion: true,
  newerDate: null,
  unreadable: null,
  driftShare: 1 / 14,
  performance: fallen,
  rule,
}

test('without a champion the first model is trained, whatever the rules say', () => {
  expect(decideRetrain({ ...evidence, hasChampion: false, driftShare: null, performance: null })).toEqual({
    triggered: true,
    reason: 'first_model',
    triggers: ['first_model'],
    text: 'there is no champion yet',
  })
})

test('the first rule of the definition that fired is the reason, and all that fired are listed', () => {
  expect(decideRetrain(evidence)).toEqual({
    triggered: true,
    reason: 'drift_share',
    triggers: ['drift_share', 'performance'],
    text: 'drift share 0.0714 >= 0.02; auc 0.8128 -> 0.4881: worse by 0.3247 >= 0.05',
  })
  const reversed: RetrainRule = { kind: 'any', of: [performance, { kind: 'any', of: [share] }] }
  expect(decideRetrain({ ...evidence, rule: reversed })).toMatchObject({
    reason: 'performance',
    triggers: ['performance', 'drift_share'],
  })
})

test('a share at the limit fires, one below does not', () => {
  expect(decideRetrain({ ...evidence, rule: { ...share, atLeast: 1 / 14 } }).triggered).toBe(true)
  expect(decideRetrain({ ...evidence, driftShare: 0, performance: steady })).toEqual({
    triggered: false,
    reason: 'none',
    triggers: [],
    text: 'drift share 0.0000 < 0.02; auc 0.8128 -> 0.8101: worse by 0.0027 < 0.05',
  })
})

test('a number that is absent triggers nothing and is said to be absent', () => {
  const text = (change: Partial<RetrainEvidence>) => {
    const decision = decideRetrain({ ...evidence, driftShare: 0, ...change })
    expect(decision).toMatchObject({ triggered: false, reason: 'none', triggers: [] })
    return decision.text
  }
  expect(text({ driftShare: null, performance: null })).toBe('drift share: no reading; auc of the champion: no reading')
  expect(text({ driftShare: Number.NaN, performance: steady })).toMatch(/^drift share: no reading; auc 0/)
  expect(text({ performance: { ...fallen, was: null } })).toMatch(/auc when the champion was promoted: no reading$/)
  expect(text({ performance: { ...fallen, metric: 'f1' } })).toMatch(/auc of the champion: no reading$/)
})

test('a fall that may be chance does not trigger', () => {
  const doubtful = { metric: 'auc', was: 0.8, now: { value: 0.74, low: 0.66, high: 0.82 } } as const
  expect(decideRetrain({ ...evidence, driftShare: 0, performance: doubtful })).toMatchObject({
    triggered: false,
    text: 'drift share 0.0000 < 0.02; auc 0.8000 -> 0.7400: worse by 0.0600 >= 0.05, but its 95 % interval [0.6600, 0.8200] does not show it',
  })
})

test('a loss gets worse by rising', () => {
  const rule: RetrainRule = { kind: 'performance', metric: 'logLoss', drop: 0.1 }
  const risen = { metric: 'logLoss', was: 0.4, now: { value: 0.6, low: 0.55, high: 0.65 } } as const
  expect(decideRetrain({ ...evidence, rule, performance: risen })).toMatchObject({
    triggered: true,
    reason: 'performance',
  })
  const better = { metric: 'logLoss', was: 0.6, now: { value: 0.4, low: 0.35, high: 0.45 } } as const
  expect(decideRetrain({ ...evidence, rule, performance: better })).toMatchObject({
    triggered: false,
    text: 'logLoss 0.6000 -> 0.4000: better by 0.2000',
  })
})

test('a date that comes late trains nothing, not even a first model', () => {
  const late = decideRetrain({ ...evidence, newerDate: asOf('2024-03-31') })
  expect(late).toMatchObject({ triggered: false, reason: 'none', triggers: [] })
  expect(late.text).toMatch(/^drift share 0\.0714 >= 0\.02; .*; 2024-03-31 is newer, and only the newest date trains$/)
  expect(decideRetrain({ ...evidence, hasChampion: false, newerDate: asOf('2024-03-31') }).triggered).toBe(false)
})

test('a champion that cannot be read is replaced, whatever the rules say', () => {
  const why = 'version 1 reads b.y, which the definition no longer has'
  expect(decideRetrain({ ...evidence, unreadable: why, performance: null, driftShare: 0 })).toEqual({
    triggered: true,
    reason: 'champion_unreadable',
    triggers: ['champion_unreadable'],
    text: why,
  })
})
