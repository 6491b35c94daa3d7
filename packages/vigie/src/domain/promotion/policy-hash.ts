import { createHash } from 'node:crypto'
import { canonicalJson } from '../canonical-json.ts'
import type { PromotionPolicy } from '../policy.ts'

/** sha256 in hex of the policy in canonical JSON: what a model is trained under and a decision cites. */
export function policyHash(policy: PromotionPolicy): string {
  return createHash('sha256').update(canonicalJson(policy)).digest('hex')
}
