import { promotionPolicy } from '../../packages/vigie/src/define/rules.ts'
import type { PromotionPolicy } from '../../packages/vigie/src/domain/policy.ts'
import { decidePromotion } from '../../packages/vigie/src/domain/promotion/decide-promotion.ts'
import type { Evidence } from '../../packages/vigie/src/domain/promotion/evidence.ts'
import { policyHash } from '../../packages/vigie/src/domain/promotion/policy-hash.ts'
import { shouldPromote } from '../../packages/vigie/src/domain/promotion/should-promote.ts'
import type { PairedAuc } from '../../packages/vigie/src/domain/significance/delong.ts'

/** Whether a look promotes: by the gate as the product has it, or by the rule of the stack that it replaces. */
export type Rule = (gain: number, inference: () => PairedAuc, look: number) => boolean

/** The defaults of the product. The floors of the sample are left to the tests: here the statistic is tried. */
export const policy: PromotionPolicy = {
  ...promotionPolicy({ metric: 'auc', minGain: 0.01 }),
  minPositives: 2,
  minNegatives: 2,
  minEntities: 2,
}

const unseen = { rows: 0, entities: 0 }
const evidence: Evidence = {
  policyHash: policyHash(policy),
  policyFrozenAt: 0,
  trainedAt: 1,
  firstModel: false,
  championId: 'v1',
  challengerId: 'v2',
  rowsHash: 'simulated',
  look: null,
  overlap: { champion: unseen, challenger: unseen },
  sample: { positives: 1000, negatives: 1000, entities: 2000, maturedShare: 1 },
  gain: null,
  floorLower: null,
  guards: {},
  slices: [],
  metrics: null,
}

/** `decidePromotion` itself. What is below minGain needs no decision to be kept, and that is most looks. */
export const gate: Rule = (gain, inference, look) => {
  if (gain < policy.minGain) return false
  const { se, df } = inference()
  return decidePromotion({ ...evidence, look, gain: { estimate: gain, se, df } }, policy).outcome === 'promote'
}

export const reference: Rule = (gain) => shouldPromote(gain, 0, policy.minGain)
