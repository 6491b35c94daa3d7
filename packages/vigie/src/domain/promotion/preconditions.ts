import type { PromotionPolicy } from '../policy.ts'
import type { Reason } from './decision.ts'
import type { Claimed, Evidence, Overlap } from './evidence.ts'
import { formatRule } from './format-rule.ts'
import { policyHash } from './policy-hash.ts'
import { missing, unreadable } from './unreadable.ts'
import { count, percent } from './wording.ts'

/**
 * Whether the two models can be compared on these rows at all: the policy was fixed before training, the rows were
 * seen by neither model, there are enough of them and their labels have matured. Needs no score, so check it first: a
 * holdout that was not scored has not been looked at.
 */
export function preconditions(evidence: Claimed<Evidence>, policy: PromotionPolicy): readonly Reason[] {
  return [
    ...formatRule(evidence, policy),
    ...identity(evidence),
    ...policyRule(evidence, policy),
    ...unseenRows(evidence, policy),
    ...sampleRule(evidence, policy),
  ]
}

function identity(evidence: Claimed<Evidence>): readonly Reason[] {
  const reasons: Reason[] = []
  for (const field of ['challengerId', 'rowsHash'] as const) {
    if (typeof evidence[field] !== 'string' || evidence[field] === '') reasons.push(missing(field))
  }
  const { championId, firstModel, unreadable } = evidence
  if (firstModel === true && championId !== null) {
    reasons.push({
      kind: 'hold',
      code: 'champion_changed',
      value: championId ?? 'absent',
      bound: null,
      text: 'The evidence is for a first model, but there is a champion',
      fix: 'Compare with the champion',
    })
  } else if (firstModel === true && unreadable) {
    reasons.push(judgedAsFirst(unreadable))
  } else if (firstModel !== true && (typeof championId !== 'string' || championId === '')) {
    reasons.push(missing('championId'))
  }
  return reasons
}

function judgedAsFirst({ id, lacking }: Claimed<NonNullable<Evidence['unreadable']>>): Reason {
  const features = Array.isArray(lacking) ? lacking.slice(0, 3).join(', ') : 'features'
  return {
    kind: 'warn',
    code: 'champion_unreadable',
    value: id ?? null,
    bound: null,
    text: `${id} reads ${features}, which the definition no longer has: the challenger is judged as a first model`,
    fix: 'Put the features back into the definition to compare with it',
  }
}

function policyRule(evidence: Claimed<Evidence>, policy: PromotionPolicy): readonly Reason[] {
  const { policyHash: cited, policyFrozenAt, trainedAt } = evidence
  const reasons: Reason[] = []
  const hash = policyHash(policy)
  if (typeof cited !== 'string') reasons.push(missing('policyHash'))
  else if (cited !== hash) {
    reasons.push({
      kind: 'hold',
      code: 'policy_mismatch',
      value: cited,
      bound: hash,
      text: `The challenger was trained under policy ${cited.slice(0, 12)}, and the policy is ${hash.slice(0, 12)}`,
      fix: 'Retrain under the policy',
    })
  }
  const bad =
    unreadable('policyFrozenAt', { '': [policyFrozenAt, Number.NEGATIVE_INFINITY] }) ??
    unreadable('trainedAt', { '': [trainedAt, Number.NEGATIVE_INFINITY] })
  if (bad) return [...reasons, bad]
  const frozen = policyFrozenAt as number
  const trained = trainedAt as number
  const after = frozen > trained
  reasons.push({
    kind: after ? 'hold' : 'pass',
    code: after ? 'policy_after_training' : 'policy_before_training',
    value: frozen,
    bound: trained,
    text: `The policy was frozen ${after ? 'after' : 'before'} training began`,
    ...(after ? { fix: 'Retrain under the policy' } : {}),
  })
  return reasons
}

function unseenRows(evidence: Claimed<Evidence>, policy: PromotionPolicy): readonly Reason[] {
  const { overlap, sample, championId } = evidence
  if (overlap === undefined || overlap === null) return [missing('overlap')]
  if (policy.exposure === 'both' && championId !== null) {
    return [seenByBoth('champion', evidence), seenByBoth('challenger', evidence)]
  }
  const entities = typeof sample?.entities === 'number' ? sample.entities : null
  const reasons: Reason[] = []
  if (championId !== null) reasons.push(unseenBy('champion', overlap.champion, entities))
  reasons.push(unseenBy('challenger', overlap.challenger, entities))
  return reasons
}

/** The entities that neither model has seen are taken by themselves, when they are enough. */
const WAYS_OUT =
  "Retrain the champion's recipe outside the holdout; or wait for entities that are new; or compare on those that both know"

/** For a comparison on known entities: no row was trained on, and both models know every entity from earlier dates. */
function seenByBoth(model: 'champion' | 'challenger', { overlap, sample, selection }: Claimed<Evidence>): Reason {
  const entities = sample?.entities ?? null
  const known = overlap?.[model]
  const bad =
    known === undefined || known === null
      ? null
      : unreadable(`overlap.${model}`, { rows: [known.rows, 0], entities: [known.entities, 0] })
  if (bad) return bad
  if (known && known.rows === 0 && known.entities === entities && selection?.exposure === 'both') {
    const text = `The ${model} was trained on every entity of the evaluation rows, at earlier dates`
    return { kind: 'pass', code: 'entities_known', value: entities as number, bound: entities as number, text }
  }
  if (known && (known.rows as number) > 0) return unseenBy(model, known, entities)
  return {
    kind: 'hold',
    code: 'not_comparable',
    value: model,
    bound: null,
    text: `Not every entity of the evaluation rows was in the ${model}'s training, and the policy compares on those of both`,
    fix: 'Compare on entities that neither model has seen',
  }
}

function unseenBy(
  model: 'champion' | 'challenger',
  overlap: Claimed<Overlap> | null | undefined,
  evaluated: number | null,
): Reason {
  if (overlap === null || overlap === undefined) {
    return {
      kind: 'hold',
      code: 'not_comparable',
      value: model,
      bound: null,
      text: `The ${model} has no fingerprints of its training rows that can be read, so it may have seen every row`,
      fix: 'Supply its training keys; or retrain its recipe outside the holdout; or wait for entities that are new',
    }
  }
  const bad = unreadable(`overlap.${model}`, { rows: [overlap.rows, 0], entities: [overlap.entities, 0] })
  if (bad) return bad
  const rows = overlap.rows as number
  const entities = overlap.entities as number
  const named = examples(overlap.keys)
  if (rows > 0) {
    return {
      kind: 'hold',
      code: 'row_leak',
      value: rows,
      bound: 0,
      text: `${count(rows, 'evaluation row was', 'evaluation rows were')} in the ${model}'s training${named}`,
      fix: WAYS_OUT,
    }
  }
  if (entities > 0) {
    const some = evaluated === null ? `${entities}` : `${entities} of ${evaluated}`
    return {
      kind: 'hold',
      code: 'entity_leak',
      value: entities,
      bound: 0,
      text: `${some} entities ${entities === 1 ? 'was' : 'were'} in the ${model}'s training at another date${named}`,
      fix: WAYS_OUT,
    }
  }
  const text = `No entity of the evaluation rows was in the ${model}'s training`
  return { kind: 'pass', code: 'rows_unseen', value: 0, bound: 0, text }
}

function examples(keys: unknown): string {
  if (!Array.isArray(keys) || keys.length === 0) return ''
  return `: ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', ...' : ''}`
}

/** Whether rows like these are enough for a verdict. */
export function enoughEvidence(sample: Evidence['sample'], policy: PromotionPolicy): boolean {
  return sampleRule({ sample }, policy).every(({ kind }) => kind !== 'hold')
}

function sampleRule(evidence: Claimed<Evidence>, policy: PromotionPolicy): readonly Reason[] {
  const { sample } = evidence
  if (sample === undefined || sample === null) return [missing('sample')]
  const counts = countsOf(sample, policy)
  const bad = unreadable('sample', {
    ...Object.fromEntries(counts.map(({ field, has }) => [field, [has, 0] as const])),
    entities: [sample.entities, 0],
    maturedShare: [sample.maturedShare, 0],
  })
  if (bad) return [bad]
  const { entities, maturedShare, largestShare } = sample as Evidence['sample']
  const enough = (name: string, has: number, needs: number): Reason => ({
    kind: has < needs ? 'hold' : 'pass',
    code: has < needs ? `too_few_${name}` : `enough_${name}`,
    value: has,
    bound: needs,
    text: `${has} ${name.replaceAll('_', ' ')}, ${needs} needed`,
    ...(has < needs ? { fix: 'Wait for more labelled rows, or hold out a larger fraction' } : {}),
  })
  const matured = maturedShare >= policy.minMaturedShare
  return [
    ...counts.map(({ name, has, needs }) => enough(name, has as number, needs)),
    enough('entities', entities, policy.minEntities),
    {
      kind: matured ? 'pass' : 'hold',
      code: matured ? 'labels_matured' : 'labels_not_matured',
      value: maturedShare,
      bound: policy.minMaturedShare,
      text: `${percent(maturedShare)} of labels matured, ${percent(policy.minMaturedShare)} needed`,
      ...(matured ? {} : { fix: 'Wait until the labels of this date have arrived' }),
    },
    ...(largestShare === undefined ? [] : [dominance(largestShare)]),
  ]
}

/** What the least evidence is counted in: rows of both classes, rows of the rarest of several, or rows. */
function countsOf(
  { kind, positives, negatives, rarest, rows }: Claimed<Evidence['sample']>,
  { minPositives, minNegatives }: PromotionPolicy,
): readonly { readonly field: string; readonly name: string; readonly has: unknown; readonly needs: number }[] {
  if (kind === 'classes') {
    return [
      { field: 'rarest', name: 'rows_of_the_rarest_class', has: rarest, needs: Math.max(minPositives, minNegatives) },
    ]
  }
  if (kind === 'number') return [{ field: 'rows', name: 'rows', has: rows, needs: minPositives + minNegatives }]
  return [
    { field: 'positives', name: 'positives', has: positives, needs: minPositives },
    { field: 'negatives', name: 'negatives', has: negatives, needs: minNegatives },
  ]
}

const LARGEST_ENTITY = 0.1

/** The interval is by entity, and one that has much of the rows decides alone: no standard error knows how it varies. */
function dominance(share: number): Reason {
  const above = share > LARGEST_ENTITY
  return {
    kind: above ? 'hold' : 'pass',
    code: above ? 'entity_dominates' : 'no_entity_dominates',
    value: share,
    bound: LARGEST_ENTITY,
    text: `The entity with the most rows has ${percent(share)} of them, at most ${percent(LARGEST_ENTITY)} allowed`,
    ...(above ? { fix: 'Compare on fewer rows of that entity, or on more entities' } : {}),
  }
}
