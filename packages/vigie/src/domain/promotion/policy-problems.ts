import { CAPS, EXPOSURES, GUARD_MODES, isLoss, METRICS, PROMOTION_RULES, type PromotionPolicy } from '../policy.ts'
import type { Claimed } from './evidence.ts'

export interface PolicyProblem {
  /** `minGain`, `guards.f1.mode`. */
  readonly field: string
  readonly rule: string
  /** As text, to be shown. */
  readonly value: string
}

type Check = (value: unknown) => boolean

const between =
  (low: number, high: number): Check =>
  (value) =>
    typeof value === 'number' && value > low && value < high
const atLeast =
  (least: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= least
const wholeAtLeast =
  (least: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least
const oneOf =
  (names: readonly string[]): Check =>
  (value) =>
    names.includes(value as string)

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)
const names: Check = (value) => Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '')
const isProof: Check = (value) => {
  if (typeof value !== 'object' || value === null) return false
  const { of, margin, ...others } = value as Readonly<Record<string, unknown>>
  return names(of) && atLeast(0)(margin) && Object.keys(others).length === 0
}

/** Every field of a policy and what it must be. */
const FIELDS: Readonly<Record<keyof PromotionPolicy, readonly [rule: string, check: Check]>> = {
  metric: [`is one of ${METRICS.join(', ')}`, oneOf(METRICS)],
  minGain: ['is a number of at least 0', atLeast(0)],
  confidence: ['lies between 0.5 and 1', between(0.5, 1)],
  looks: ['is a whole number of at least 2', wholeAtLeast(2)],
  floor: ['lies between 0 and 1', between(0, 1)],
  minPositives: ['is a whole number of at least 2', wholeAtLeast(2)],
  minNegatives: ['is a whole number of at least 2', wholeAtLeast(2)],
  minEntities: ['is a whole number of at least 2', wholeAtLeast(2)],
  minMaturedShare: ['lies between 0 and 1', (value) => atLeast(0)(value) && (value as number) <= 1],
  guards: ['maps guards to limits', (value) => typeof value === 'object' && value !== null],
  sliceAlpha: ['lies between 0 and 1', between(0, 1)],
  sliceMinHarm: ['is a number of at least 0', atLeast(0)],
  slices: ['is a list of names of features', optional(names)],
  proveSlices: ['names features that are slices in `of`, and a `margin` of at least 0', optional(isProof)],
  rule: [`is one of ${PROMOTION_RULES.join(', ')}`, optional(oneOf(PROMOTION_RULES))],
  approver: ['names a person', optional((value) => typeof value === 'string' && value !== '')],
  exposure: [`is one of ${EXPOSURES.join(', ')}`, optional(oneOf(EXPOSURES))],
}

const SCORES: readonly string[] = METRICS.filter((metric) => !isLoss(metric))
const LOSSES: readonly string[] = METRICS.filter(isLoss)

/** What makes a policy unusable. A field that nobody knows is a problem too: it may be a limit that was mistyped. */
export function policyProblems(policy: Claimed<PromotionPolicy>): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = []
  for (const [field, [rule, check]] of Object.entries(FIELDS)) {
    const value = policy[field as keyof PromotionPolicy]
    if (!check(value)) problems.push(problem(field, rule, value))
  }
  for (const field of Object.keys(policy)) {
    if (!Object.hasOwn(FIELDS, field)) {
      problems.push(problem(field, 'is no field of a promotion policy', policy[field as keyof PromotionPolicy]))
    }
  }
  if (policy.rule === 'nonInferior' && policy.approver === undefined) {
    problems.push(problem('approver', 'names who approved the rule nonInferior', policy.approver))
  }
  const undeclared = (policy.proveSlices?.of as readonly string[] | undefined)?.find?.(
    (name) => !(policy.slices as readonly string[] | undefined)?.includes?.(name),
  )
  if (undeclared !== undefined) problems.push(problem('proveSlices.of', 'names features that are slices', undeclared))
  for (const [name, guard] of Object.entries(policy.guards ?? {})) problems.push(...guardProblems(name, guard))
  return problems
}

function guardProblems(name: string, guard: unknown): readonly PolicyProblem[] {
  const limit = limitOf(name)
  const field = `guards.${name}`
  if (limit === null) return [problem(field, 'names a metric, latencyMs or sizeBytes', name)]
  if (typeof guard !== 'object' || guard === null) return [problem(field, `has ${limit}`, guard)]
  const problems: PolicyProblem[] = []
  const { [limit]: bound, mode, ...others } = guard as Readonly<Record<string, unknown>>
  if (!atLeast(0)(bound)) problems.push(problem(`${field}.${limit}`, 'is a number of at least 0', bound))
  if (mode !== undefined && (limit === 'max' || !oneOf(GUARD_MODES)(mode))) {
    const rule = limit === 'max' ? 'does not apply to a cap' : `is one of ${GUARD_MODES.join(', ')}`
    problems.push(problem(`${field}.mode`, rule, mode))
  }
  for (const [other, value] of Object.entries(others)) {
    problems.push(problem(`${field}.${other}`, `is unknown: ${name} takes ${limit}`, value))
  }
  return problems
}

function limitOf(name: string): 'maxDrop' | 'maxRise' | 'max' | null {
  if (SCORES.includes(name)) return 'maxDrop'
  if (LOSSES.includes(name)) return 'maxRise'
  return (CAPS as readonly string[]).includes(name) ? 'max' : null
}

function problem(field: string, rule: string, value: unknown): PolicyProblem {
  return { field, rule, value: typeof value === 'object' ? JSON.stringify(value) : String(value) }
}
