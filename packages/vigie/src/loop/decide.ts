import { createHash } from 'node:crypto'
import type { Project } from '../define/project.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { decidePromotion } from '../domain/promotion/decide-promotion.ts'
import type { Outcome, Reason } from '../domain/promotion/decision.ts'
import type { Ports } from '../ports/ports.ts'
import type { EvaluateResult } from './evaluate.ts'
import type { Comparison } from './outcome.ts'

export interface DecideResult {
  readonly id: string
  readonly asOf: EvaluateResult['asOf']
  readonly challenger: number
  readonly champion: number | null
  readonly outcome: Outcome
  readonly reasons: readonly Reason[]
  readonly comparison: Comparison | null
  /** Of the policy that decided. */
  readonly minGain: number
}

/** Decides on the evidence by the project's policy, and keeps decision, evidence and policy together for replay. */
export async function decide(
  ports: Ports,
  project: Project,
  { asOf, challenger, champion, championEpoch, evidence, comparison }: EvaluateResult,
): Promise<DecideResult> {
  const policy = project.promotion
  const { outcome, reasons } = decidePromotion(evidence, policy)
  const id = createHash('sha256')
    .update(canonicalJson([evidence, policy, championEpoch]))
    .digest('hex')
    .slice(0, 16)
  await ports.registry.recordDecision({
    id,
    model: project.model.name,
    asOf,
    challenger,
    champion,
    championEpoch,
    outcome,
    evidence,
    policy,
    reasons,
  })
  return { id, asOf, challenger, champion, outcome, reasons, comparison, minGain: policy.minGain }
}
