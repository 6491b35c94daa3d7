import fc from 'fast-check'
import { expect, test } from 'vitest'
import { promotionPolicy } from '../../define/rules.ts'
import type { PromotionPolicy } from '../policy.ts'
import { alphaOfLook } from '../significance/alpha-spending.ts'
import { decidePromotion } from './decide-promotion.ts'
import type { Claimed, Evidence } from './evidence.ts'
import { policyHash } from './policy-hash.ts'

const policy = promotionPolicy({
  metric: 'auc',
  minGain: 0.01,
  guards: { f1: { maxDrop: 0.02 }, ece: { maxRise: 0.02 }, latencyMs: { max: 5 }, sizeBytes: { max: 1e6 } },
  slices: ['plan.tier'],
  proveSlices: { of: ['plan.tier'], margin: 0.1 },
})

/** Evidence of everything the gate knows, that promotes. */
const evidence: Evidence = {
  format: 2,
  policyHash: policyHash(policy),
  policyFrozenAt: 100,
  trainedAt: 200,
  firstModel: false,
  championId: 'v3',
  challengerId: 'v4',
  rowsHash: 'rows',
  look: 2,
  ledger: { earlier: [{ number: 1, challenger: 3, metric: 'auc', rowsHash: 'before' }], freshShare: 1 },
  overlap: { champion: { rows: 0, entities: 0 }, challenger: { rows: 0, entities: 0 } },
  sample: {
    kind: 'binary',
    rows: 446,
    positives: 110,
    negatives: 336,
    rarest: null,
    entities: 446,
    largestShare: 1 / 446,
    maturedShare: 1,
  },
  selection: {
    held: 1782,
    used: 446,
    exposure: 'neither',
    seenByChampion: { rows: 0, entities: 1336, keys: ['7590-VHVEG'] },
    seenByChallenger: { rows: 0, entities: 0, keys: [] },
  },
  gain: { estimate: 0.17, se: 0.01, df: 300 },
  floorLower: null,
  guards: {
    f1: { drop: -0.1, se: 0.02 },
    ece: { rise: 0.001, se: 0.004, lower: -0.006 },
    latencyMs: { value: 0.1 },
    sizeBytes: { value: 9e5 },
  },
  slices: [
    { name: 'plan.tier = basic', kind: 'declared', of: 'plan.tier', rows: 200, harm: -0.01, se: 0.01, df: 199, p: 0.8 },
    { name: 'use.hours > 3', kind: 'found', of: null, rows: 90, harm: 0.01, se: 0.01, df: 89, p: 0.2 },
  ],
  unjudgedSlices: [],
  baseRates: { evaluated: 110 / 446, trained: 0.25 },
  scoredRows: 'a'.repeat(64),
  metrics: null,
}

const decide = (change: object, under: PromotionPolicy = policy) =>
  decidePromotion({ ...evidence, policyHash: policyHash(under), ...change } as Claimed<Evidence>, under)
const codes = (change: object, under?: PromotionPolicy) =>
  decide(change, under)
    .reasons.filter(({ kind }) => kind !== 'pass')
    .map(({ kind, code }) => `${kind} ${code}`)

test('evidence of the whole format promotes, and says what was left out and what that costs', () => {
  const decision = decide({})
  expect(decision.outcome).toBe('promote')
  const text = (code: string) => decision.reasons.find((reason) => reason.code === code)?.text
  expect(text('seen_rows_dropped')).toBe(
    'n 1782 -> 446 (75 % dropped: seen by champion v3, among them 7590-VHVEG), detectable gain 0.021 -> 0.042',
  )
  expect(text('look_available')).toBe(
    "Look 2 of 52 against this champion. Spent 2.5 % of 5 %. This look's bound uses 99.95 % (one-sided). 100 % of its labels are new since look 1",
  )
})

/** Fields that are only told, or whose other value is as true. */
const ONLY_TOLD =
  /^(metrics|floorLower|unreadable|overlap\.\w+\.keys|selection\.seenBy.*|ledger\.earlier\.\d.*|slices\.\d\.(name|rows|kind)|sample\.rarest|baseRates)/

const spoilt = fc.constantFrom<unknown>(undefined, null, Number.NaN, Number.POSITIVE_INFINITY, 'x', {}, [])

test('whatever fields are deleted, NaN or something else, nothing is promoted', () => {
  const all = paths(evidence).filter((path) => !ONLY_TOLD.test(path))
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom(...all), { minLength: 1, maxLength: 6 }), spoilt, (fields, value) => {
      let changed: object = evidence
      for (const field of fields) {
        const before = valueAt(changed, field)
        const stillTrue =
          (value === null && (before === null || field === 'scoredRows')) ||
          (value === 'x' && typeof before === 'string') ||
          (Array.isArray(value) && Array.isArray(before) && before.length === 0) ||
          (Array.isArray(value) && field === 'unjudgedSlices') ||
          // Slices of the family that are found are any number; those that proof is asked of are not.
          (field === 'slices.1.of' && value !== 'plan.tier')
        fc.pre(!stillTrue)
        changed = replaced(changed, field, value)
      }
      expect(decidePromotion(changed as Claimed<Evidence>, policy).outcome, `${fields.join()} = ${value}`).not.toBe(
        'promote',
      )
    }),
    { numRuns: 3000 },
  )
})

test('evidence that contradicts itself holds', () => {
  expect(codes({ look: 3 })).toContain('hold evidence_mismatch')
  expect(codes({ sample: { ...evidence.sample, rows: 447 } })).toContain('hold evidence_mismatch')
  expect(codes({ selection: { ...evidence.selection, used: 400 } })).toContain('hold evidence_mismatch')
  expect(codes({ selection: { ...evidence.selection, exposure: 'both' } })).toContain('hold evidence_mismatch')
})

test('an entity with more than a tenth of the rows holds', () => {
  expect(codes({ sample: { ...evidence.sample, largestShare: 0.11 } })).toContain('hold entity_dominates')
})

test('a resampled gain is judged by its own bound, at the level of this look and no other', () => {
  const alpha = alphaOfLook(2, 1 - policy.confidence, policy.looks)
  const gain = (resampled: object) => ({ gain: { estimate: 0.17, se: 0.01, df: null, resampled } })
  expect(decide(gain({ lower: 0.1, alpha, undefinedShare: 0 })).outcome).toBe('promote')
  expect(codes(gain({ lower: -0.001, alpha, undefinedShare: 0 }))).toContain('keep gain_not_proven')
  expect(codes(gain({ lower: 0.1, alpha: 0.025, undefinedShare: 0 }))).toContain('hold evidence_mismatch')
  expect(codes(gain({ lower: 0.1, alpha, undefinedShare: 0.02 }))).toContain('hold interval_unavailable')
  expect(codes(gain({ lower: Number.NaN, alpha, undefinedShare: 0 }))).toContain('hold evidence_not_finite')
})

test('labels of several classes are counted in rows of the rarest, numbers in rows', () => {
  const { positives: _p, negatives: _n, ...counted } = evidence.sample
  const none = { positives: null, negatives: null }
  const classes = (rarest: number) => ({ sample: { ...counted, ...none, kind: 'classes', rarest }, baseRates: null })
  expect(decide(classes(30)).outcome).toBe('promote')
  expect(codes(classes(29))).toContain('hold too_few_rows_of_the_rarest_class')
  const numbers = (rows: number) => ({
    sample: { ...counted, ...none, kind: 'number', rarest: null, rows },
    selection: { ...evidence.selection, used: rows },
    baseRates: null,
  })
  expect(decide(numbers(446)).outcome).toBe('promote')
  expect(codes(numbers(59))).toContain('hold too_few_rows')
})

test('a slice of which proof is asked keeps the champion until the proof is there', () => {
  const [basic, found] = evidence.slices!
  const harmed = { ...basic!, harm: 0.05, se: 0.05, p: 0.16 }
  expect(codes({ slices: [harmed, found] })).toContain('keep slice_not_proven')
  expect(codes({ slices: [found], unjudgedSlices: [{ name: 'plan.tier = basic', rows: 9, of: 'plan.tier' }] })).toEqual(
    expect.arrayContaining(['keep slice_not_proven', 'warn slice_not_judged']),
  )
  expect(codes({ slices: [found] })).toContain('hold evidence_missing')
})

test('not being worse is enough when the policy says so and who approved it', () => {
  const under: PromotionPolicy = { ...policy, rule: 'nonInferior', approver: 'ana' }
  const equal = { gain: { estimate: 0, se: 0.002, df: 300 } }
  expect(codes(equal)).toContain('keep gain_not_proven')
  expect(codes(equal, under)).toContain('promote not_inferior')
  expect(codes({ gain: { estimate: -0.009, se: 0.002, df: 300 } }, under)).toContain('keep inferiority_not_excluded')
  const { approver: _, ...nobody } = under
  expect(codes(equal, nobody)).toEqual(['hold policy_invalid'])
})

test('known entities are compared on only when both models know them all', () => {
  const under: PromotionPolicy = { ...policy, exposure: 'both' }
  const known = { rows: 0, entities: 446 }
  const selection = { ...evidence.selection, exposure: 'both' }
  const both = { overlap: { champion: known, challenger: known }, selection }
  expect(codes(both, under)).toContain('warn known_entities_only')
  expect(decide(both, under).outcome).toBe('promote')
  const half = { ...both, overlap: { champion: known, challenger: { rows: 0, entities: 445 } } }
  expect(codes(half, under)).toContain('hold not_comparable')
  const leaked = { ...both, overlap: { champion: known, challenger: { rows: 1, entities: 446 } } }
  expect(codes(leaked, under)).toContain('hold row_leak')
  expect(decide(both).outcome).toBe('hold')
})

test('labels that were looked at before, and another share of class 1, are warned of', () => {
  expect(codes({ ledger: { ...evidence.ledger, freshShare: 0 } })).toContain('warn not_fresh')
  expect(codes({ baseRates: { evaluated: 0.25, trained: 0.4 } })).toContain('warn base_rate_moved')
  expect(codes({})).not.toContain('warn base_rate_moved')
})

test('declared slices in which harm could hide are listed', () => {
  const blind = { ...evidence.slices![0]!, se: 0.03 }
  const { reasons } = decide({ slices: [blind] }, { ...policy, proveSlices: { of: ['plan.tier'], margin: 1 } })
  expect(reasons.find(({ code }) => code === 'slice_not_judged')?.text).toMatch(
    /"plan.tier = basic" \(sees rises from 0\.0\d\d\)/,
  )
})

function paths(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) => [
    `${prefix}${key}`,
    ...(typeof inner === 'object' && inner !== null ? paths(inner, `${prefix}${key}.`) : []),
  ])
}

function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce(
      (inner, key) => (inner === null || inner === undefined ? inner : (inner as Record<string, unknown>)[key]),
      value,
    )
}

function replaced(value: object, path: string, by: unknown): object {
  const copy = structuredClone(value)
  const keys = path.split('.')
  const last = keys.pop()!
  const parent = valueAt(copy, keys.join('.')) as Record<string, unknown>
  const holder = keys.length === 0 ? (copy as Record<string, unknown>) : parent
  if (typeof holder !== 'object' || holder === null) return copy
  if (by === undefined) delete holder[last]
  else holder[last] = by
  return copy
}
