import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gateVectors } from '../../../test/vectors.ts'
import { tQuantile } from '../distributions/student-t.ts'
import type { PromotionPolicy } from '../policy.ts'
import { decidePromotion } from './decide-promotion.ts'
import type { Decision, Reason } from './decision.ts'
import type { Claimed, Evidence } from './evidence.ts'
import { policyHash } from './policy-hash.ts'

type Vector = (typeof gateVectors.decisions)[number]

/** The vectors name policies by a short id where we use the policy's own hash, and all are about AUC. */
function fromVector({ policy: { hash, ...fields }, evidence }: Vector) {
  const policy = { metric: 'auc', ...fields } as unknown as PromotionPolicy
  const cited = evidence.policyHash === hash ? policyHash(policy) : evidence.policyHash
  return { policy, evidence: { ...evidence, policyHash: cited } as Claimed<Evidence> }
}

test.each(gateVectors.decisions)('decision $name', (vector) => {
  const { policy, evidence } = fromVector(vector)
  const decision = decidePromotion(evidence, policy)
  const { outcome, alpha, reasons } = vector.expect
  expect(decision.outcome).toBe(outcome)
  expect(decision.alpha).toBe(alpha)
  const decisive = decision.reasons.filter(({ kind }) => kind !== 'pass' && kind !== 'warn')
  expect(decisive.map(comparable)).toEqual(
    reasons.map(({ fix, bound, value, ...rest }) => ({
      ...rest,
      value: typeof value === 'number' ? expect.closeTo(value, 9) : value,
      bound: bound === vector.policy.hash ? policyHash(policy) : bound,
      ...(fix ? { minDetectableGain80: expect.closeTo(fix.minDetectableGain80, 9) } : {}),
    })),
  )
  for (const { text } of decision.reasons) expect(text).toMatch(/^\S.*[^.]$/)
})

function comparable({ text: _text, fix: _fix, ...rest }: Reason) {
  return rest
}

const vectorNamed = (name: string) => fromVector(gateVectors.decisions.find((v) => v.name === name)!)
const good = vectorNamed('promote_first_look')
const first = vectorNamed('first_model')

test('the sentences hold the numbers', () => {
  const text = (name: string, code: string, change: object = {}) => {
    const { policy, evidence } = vectorNamed(name)
    return find(decidePromotion({ ...evidence, ...change }, policy), code)
  }
  const metrics = { champion: { auc: 0.652 }, challenger: { auc: 0.6719 } }
  expect(text('promote_first_look', 'gain_proven', { metrics }).text).toBe(
    'AUC 0.652 -> 0.672: gain +0.0199 (95 % CI +0.0026 to +0.0372) is at least 0.01 and its bound for look 1 of 52 (+0.0026) is above 0',
  )
  expect(text('first_model', 'first_model', { metrics: { champion: null, challenger: { auc: 0.652 } } }).text).toBe(
    'No champion yet. AUC 0.652, lower bound 0.624, above the floor 0.5',
  )
  expect(text('keep_second_look_same_numbers', 'gain_not_proven')).toMatchObject({
    text: 'Gain +0.0199, but its bound for look 2 of 52 (-0.0092) is not above 0',
    fix: 'This holdout sees gains of 0.037 (80 %); 3.4 times the rows would see this one',
  })
  expect(text('keep_gain_below_min', 'gain_below_min').text).toBe('Gain +0.0079 is below minGain 0.01')
  expect(text('guard_f1_shown_blocks', 'guard_f1').text).toBe(
    'F1 falls by 0.051 (a drop of at least 0.018 is shown), limit 0.02',
  )
  expect(text('guard_f1_prove_blocks', 'guard_f1').text).toBe(
    'F1 rises by 0.010 (a drop of at most 0.023 is shown), limit 0.02',
  )
  expect(text('promote_first_look', 'guard_f1').text).toBe('F1 rises by 0.035 (no drop is shown), limit 0.02')
  expect(text('latency_blocks', 'guard_latencyMs').text).toBe('p99 latency 7.2 ms is above 5')
  expect(text('slice_blocks', 'slice_harm').text).toBe(
    'In slice "basic plan" the Brier score rises by 0.061, adjusted p 0.0008',
  )
  expect(text('hold_unmatured', 'labels_not_matured').text).toBe('61 % of labels matured, 95 % needed')
  expect(text('hold_few_positives', 'too_few_positives').text).toBe('29 positives, 30 needed')
  const overlap = { champion: { rows: 1, entities: 1, keys: ['7590-VHVEG'] }, challenger: { rows: 0, entities: 0 } }
  expect(text('hold_row_leak', 'row_leak', { overlap }).text).toBe(
    "1 evaluation row was in the champion's training: 7590-VHVEG",
  )
  expect(text('hold_entity_leak', 'entity_leak').text).toBe(
    "446 of 1782 entities were in the champion's training at another date",
  )
  expect(text('promote_first_look', 'low_power').text).toBe('This holdout sees gains from 0.025; minGain is 0.01')
})

test('a challenger that proves better passes every rule aloud', () => {
  const { reasons } = decidePromotion(good.evidence, good.policy)
  expect(reasons.map(({ kind, code }) => `${kind} ${code}`)).toEqual([
    'pass policy_before_training',
    'pass rows_unseen',
    'pass rows_unseen',
    'pass enough_positives',
    'pass enough_negatives',
    'pass enough_entities',
    'pass labels_matured',
    'pass look_available',
    'promote gain_proven',
    'warn low_power',
    'pass guard_f1',
    'pass slices_unharmed',
  ])
})

test('most of the looks being used is a warning and not a refusal', () => {
  const decision = decidePromotion(
    { ...good.evidence, look: 42, gain: { estimate: 0.1, se: 0.01, df: 700 } },
    good.policy,
  )
  expect(decision.outcome).toBe('promote')
  expect(find(decision, 'looks_nearly_used').kind).toBe('warn')
})

test('evidence without scores lists what held it, and nothing that was not gathered', () => {
  const { gain: _gain, guards: _guards, slices: _slices, ...unscored } = { ...good.evidence, look: null }
  const decision = decidePromotion(
    { ...unscored, overlap: { champion: null, challenger: { rows: 0, entities: 0 } } },
    good.policy,
  )
  expect(decision).toMatchObject({ outcome: 'hold', alpha: null })
  expect(decision.reasons.filter(({ kind }) => kind === 'hold').map(({ code }) => code)).toEqual(['not_comparable'])
  expect(decidePromotion(unscored, good.policy).reasons.map(({ value }) => value)).toContain('look')
})

test('a guard on a loss reads a rise, and against no champion only caps are judged', () => {
  const policy = { ...good.policy, guards: { logLoss: { maxRise: 0.02 }, sizeBytes: { max: 100 } } }
  const evidence = { ...good.evidence, policyHash: policyHash(policy) }
  const guards = { logLoss: { rise: 0.05, se: 0.01 }, sizeBytes: { value: 100 } }
  expect(decidePromotion({ ...evidence, guards }, policy).outcome).toBe('keep')
  expect(decidePromotion({ ...evidence, guards: { ...guards, logLoss: { drop: 0, se: 0.01 } } }, policy).outcome).toBe(
    'hold',
  )
  const ofFirst = { ...first.evidence, policyHash: policyHash(policy) }
  expect(decidePromotion({ ...ofFirst, guards: { sizeBytes: { value: 100 } } }, policy).outcome).toBe('promote')
  expect(decidePromotion({ ...ofFirst, guards: { sizeBytes: { value: 101 } } }, policy).outcome).toBe('keep')
  expect(decidePromotion({ ...ofFirst, guards: {} }, policy).outcome).toBe('hold')
})

test('a first model that names a champion, and a lost champion id, hold', () => {
  expect(decidePromotion({ ...first.evidence, championId: 'v1' }, first.policy).outcome).toBe('hold')
  expect(decidePromotion({ ...first.evidence, firstModel: false }, first.policy).outcome).toBe('hold')
  expect(decidePromotion({ ...good.evidence, championId: null }, good.policy).outcome).toBe('hold')
})

const SPOILT = [undefined, null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 'x', {}, [], -1e9]
/** Another name is a name, and these numbers may be as small as they like. */
const STILL_TRUE = new Set(['championId x', 'challengerId x', 'rowsHash x', 'slices.0.name x', 'slices.1.name x'])
for (const path of ['policyFrozenAt', 'guards.f1.drop', 'slices.0.harm', 'slices.1.harm']) {
  STILL_TRUE.add(`${path} -1000000000`)
}

const { guards: _unread, ...firstWithoutGuards } = first.evidence
const firstEvidence = { ...firstWithoutGuards, overlap: { champion: null, challenger: { rows: 0, entities: 0 } } }
const capped: PromotionPolicy = { ...good.policy, guards: { latencyMs: { max: 10 } } }
const cappedEvidence = { ...vectorNamed('latency_blocks').evidence, policyHash: policyHash(capped) }

test.each([
  ['a challenger that is better', good.evidence, good.policy],
  ['a first model', firstEvidence, first.policy],
  ['a model that keeps within a cap', cappedEvidence, capped],
])(
  '%s is not promoted when any field of its evidence is absent, not finite or something else',
  (_name, evidence, policy) => {
    expect(decidePromotion(evidence, policy).outcome).toBe('promote')
    for (const path of paths(evidence)) {
      for (const value of SPOILT) {
        if (STILL_TRUE.has(`${path} ${value}`) || (value === null && valueAt(evidence, path) === null)) continue
        // No slices is a statement, and a champion that is not there is not compared with.
        if (path === 'slices' && Array.isArray(value)) continue
        if (path === 'overlap.champion' && evidence === firstEvidence) continue
        const spoilt = decidePromotion(replaced(evidence, path, value) as Claimed<Evidence>, policy)
        expect(spoilt.outcome, `${path} = ${value}`).not.toBe('promote')
        expect(() => JSON.stringify(spoilt)).not.toThrow()
      }
    }
  },
)

test('what is only read for the sentences cannot change the outcome', () => {
  for (const value of SPOILT) {
    const unseen = { rows: 0, entities: 0, keys: value }
    const overlap = { champion: unseen, challenger: unseen }
    const evidence = { ...good.evidence, overlap, metrics: value } as unknown as Claimed<Evidence>
    expect(decidePromotion(evidence, good.policy).outcome).toBe('promote')
    const leaky = { ...evidence, overlap: { ...overlap, champion: { ...unseen, rows: 2, entities: 2 } } }
    expect(decidePromotion(leaky as Claimed<Evidence>, good.policy).outcome).toBe('hold')
  }
})

test('no change of the policy after training promotes, and an unreadable one names its field', () => {
  for (const path of paths(good.policy)) {
    for (const value of SPOILT) {
      const { outcome, reasons } = decidePromotion(good.evidence, replaced(good.policy, path, value) as PromotionPolicy)
      expect(outcome, `${path} = ${value}`).toBe('hold')
      expect(reasons.some(({ code }) => code === 'policy_invalid' || code === 'policy_mismatch')).toBe(true)
    }
  }
  const mistyped = {
    ...good.policy,
    minGian: 0.5,
    guards: { f1: { maxDorp: 0.02 }, fame: { max: 1 } },
  } as unknown as PromotionPolicy
  expect(decidePromotion(good.evidence, mistyped).reasons.map(({ value }) => value)).toEqual([
    'minGian',
    'guards.f1.maxDrop',
    'guards.f1.maxDorp',
    'guards.fame',
  ])
})

test('with everything else in order, a gain is promoted exactly when it is large enough and proven', () => {
  const gain = fc.record({
    estimate: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
    se: fc.double({ min: 1e-4, max: 0.05, noNaN: true }),
    df: fc.double({ min: 1, max: 2000, noNaN: true }),
  })
  fc.assert(
    fc.property(gain, fc.integer({ min: 1, max: 60 }), ({ estimate, se, df }, look) => {
      const level = look === 1 ? 0.025 : 0.025 / 51
      const better = estimate >= 0.01 && estimate - tQuantile(1 - level, df) * se > 0
      const { outcome } = decidePromotion({ ...good.evidence, gain: { estimate, se, df }, look }, good.policy)
      expect(outcome).toBe(look > 52 ? 'hold' : better ? 'promote' : 'keep')
    }),
  )
})

test('evidence that travelled through JSON gives the same decision', () => {
  for (const vector of gateVectors.decisions) {
    const { policy, evidence } = fromVector(vector)
    const [again, under] = JSON.parse(JSON.stringify([evidence, policy]))
    expect(decidePromotion(again, under)).toEqual(decidePromotion(evidence, policy))
  }
})

function find(decision: Decision, code: string): Reason {
  return decision.reasons.find((reason) => reason.code === code)!
}

/** Paths of every field, those that hold further fields included. */
function paths(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) => [
    `${prefix}${key}`,
    ...(typeof inner === 'object' && inner !== null ? paths(inner, `${prefix}${key}.`) : []),
  ])
}

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce((inner, key) => (inner as Record<string, unknown>)[key], value)
}

function replaced(value: object, path: string, by: unknown): object {
  const copy = structuredClone(value)
  const keys = path.split('.')
  const last = keys.pop()!
  const parent = (keys.length === 0 ? copy : valueAt(copy, keys.join('.'))) as Record<string, unknown>
  if (by === undefined) delete parent[last]
  else parent[last] = by
  return copy
}
