import { normalQuantile } from '../distributions/normal.ts'
import type { CapName, DropGuard, GuardMode, GuardName, MetricName, PromotionPolicy, RiseGuard } from '../policy.ts'
import type { Reason } from './decision.ts'
import type { Claimed, Evidence, GuardEvidence } from './evidence.ts'
import { missing, unreadable } from './unreadable.ts'
import { METRIC_TEXT, rounded } from './wording.ts'

const ONE_SIDED_95 = normalQuantile(0.95)

const CAP_TEXT: Readonly<Record<CapName, (value: number) => string>> = {
  latencyMs: (ms) => `p99 latency ${ms} ms`,
  sizeBytes: (bytes) => `Size ${bytes} bytes`,
}

/** Every guard of the policy, in its order. Against no champion nothing can get worse: only caps are judged then. */
export function guardRule(evidence: Claimed<Evidence>, policy: PromotionPolicy): readonly Reason[] {
  const reasons: Reason[] = []
  for (const [name, guard] of Object.entries(policy.guards)) {
    const found = evidence.guards?.[name as GuardName]
    if ('max' in guard) reasons.push(cap(name as CapName, guard.max, found))
    else if (evidence.championId !== null) reasons.push(harm(name as MetricName, guard, found))
  }
  return reasons
}

function cap(name: CapName, max: number, found: Claimed<GuardEvidence> | null | undefined): Reason {
  const block = `guards.${name}`
  if (found === undefined || found === null) return missing(block)
  const { value } = found as Readonly<Record<string, unknown>>
  const bad = unreadable(block, { value: [value, 0] })
  if (bad) return bad
  const measured = value as number
  const above = measured > max
  return {
    kind: above ? 'keep' : 'pass',
    code: `guard_${name}`,
    value: measured,
    bound: max,
    text: `${CAP_TEXT[name](measured)} is ${above ? 'above' : 'at most'} ${max}`,
    ...(above ? { fix: `At most ${max}` } : {}),
  }
}

function harm(
  name: MetricName,
  guard: DropGuard | RiseGuard,
  found: Claimed<GuardEvidence> | null | undefined,
): Reason {
  const block = `guards.${name}`
  if (found === undefined || found === null) return missing(block)
  const [field, limit] = 'maxDrop' in guard ? (['drop', guard.maxDrop] as const) : (['rise', guard.maxRise] as const)
  const { [field]: amount, se, lower } = found as Readonly<Record<string, unknown>>
  const bad = unreadable(block, {
    [field]: [amount, Number.NEGATIVE_INFINITY],
    se: [se, 0],
    ...(lower === undefined ? {} : { lower: [lower, Number.NEGATIVE_INFINITY] as const }),
  })
  if (bad) return bad
  const worse = amount as number
  const margin = Math.max(ONE_SIDED_95 * (se as number), lower === undefined ? 0 : worse - (lower as number))
  const { mode = 'shown' } = guard
  const blocked = blocks(mode, worse, margin, limit)
  return {
    kind: blocked ? 'keep' : 'pass',
    code: `guard_${name}`,
    value: worse,
    bound: limit,
    text: `${change(name, field, worse)} (${certainty(mode, field, worse, margin)}), limit ${limit}`,
    ...(blocked ? { fix: `A ${field} of at most ${limit}; or a new policy before the next training` } : {}),
  }
}

function blocks(mode: GuardMode, worse: number, margin: number, limit: number): boolean {
  switch (mode) {
    case 'shown':
      return worse > limit && worse > margin
    case 'point':
      return worse > limit
    case 'prove':
      return !(worse + margin < limit)
  }
}

function change(name: MetricName, field: 'drop' | 'rise', worse: number): string {
  const falls = (field === 'drop') === worse > 0
  return `${METRIC_TEXT[name]} ${falls ? 'falls' : 'rises'} by ${rounded(Math.abs(worse))}`
}

function certainty(mode: GuardMode, field: 'drop' | 'rise', worse: number, margin: number): string {
  if (mode === 'prove') return `a ${field} of at most ${rounded(worse + margin)} is shown`
  return worse > margin ? `a ${field} of at least ${rounded(worse - margin)} is shown` : `no ${field} is shown`
}
