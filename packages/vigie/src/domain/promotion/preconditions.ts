import type { PromotionPolicy } from '../policy.ts'
import type { Reason } from './decision.ts'
import type { Claimed, Evidence, Overlap } from './evidence.ts'
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
    ...identity(evidence),
    ...policyRule(evidence, policy),
    ...unseenRows(evidence),
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

function unseenRows(evidence: Claimed<Evidence>): readonly Reason[] {
  const { overlap, sample, championId } = evidence
  if (overlap === undefined || overlap === null) return [missing('overlap')]
  const entities = typeof sample?.entities === 'number' ? sample.entities : null
  const reasons: Reason[] = []
  if (championId !== null) reasons.push(unseenBy('champion', overlap.champion, entities))
  reasons.push(unseenBy('challenger', overlap.challenger, entities))
  return reasons
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
      fix: 'Compare without those rows',
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
      fix: 'Compare on the entities that neither model has seen',
    }
  }
  const text = `No entity of the evaluation rows was in the ${model}'s training`
  return { kind: 'pass', code: 'rows_unseen', value: 0, bound: 0, text }
}

function examples(keys: unknown): string {
  if (!Array.isArray(keys) || keys.length === 0) return ''
  return `: ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', ...' : ''}`
}

function sampleRule(evidence: Claimed<Evidence>, policy: PromotionPolicy): readonly Reason[] {
  const { sample } = evidence
  if (sample === undefined || sample === null) return [missing('sample')]
  const bad = unreadable('sample', {
    positives: [sample.positives, 0],
    negatives: [sample.negatives, 0],
    entities: [sample.entities, 0],
    maturedShare: [sample.maturedShare, 0],
  })
  if (bad) return [bad]
  const { positives, negatives, entities, maturedShare } = sample as Evidence['sample']
  const enough = (name: string, has: number, needs: number): Reason => ({
    kind: has < needs ? 'hold' : 'pass',
    code: has < needs ? `too_few_${name}` : `enough_${name}`,
    value: has,
    bound: needs,
    text: `${has} ${name}, ${needs} needed`,
    ...(has < needs ? { fix: 'Wait for more labelled rows, or hold out a larger fraction' } : {}),
  })
  const matured = maturedShare >= policy.minMaturedShare
  return [
    enough('positives', positives, policy.minPositives),
    enough('negatives', negatives, policy.minNegatives),
    enough('entities', entities, policy.minEntities),
    {
      kind: matured ? 'pass' : 'hold',
      code: matured ? 'labels_matured' : 'labels_not_matured',
      value: maturedShare,
      bound: policy.minMaturedShare,
      text: `${percent(maturedShare)} of labels matured, ${percent(policy.minMaturedShare)} needed`,
      ...(matured ? {} : { fix: 'Wait until the labels of this date have arrived' }),
    },
  ]
}
