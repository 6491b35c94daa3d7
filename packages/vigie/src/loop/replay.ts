import type { Project } from '../define/project.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { decidePromotion } from '../domain/promotion/decide-promotion.ts'
import type { Outcome, Reason } from '../domain/promotion/decision.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { DecisionRecord } from '../ports/registry.ts'

/** A recorded decision of this project's model, or `decision_unknown`. */
export async function recordedDecision(ports: Ports, project: Project, id: string): Promise<DecisionRecord> {
  const decision = await ports.registry.decision(id)
  if (decision && decision.model === project.model.name) return decision
  throw new VigieError('decision_unknown', `${project.model.name} has no decision "${id}"`, { value: id })
}

/** Decides again from what was stored, and says whether outcome and reasons are the same bytes. */
export async function replay(
  ports: Ports,
  project: Project,
  id: string,
): Promise<{
  readonly id: string
  readonly same: boolean
  readonly outcome: Outcome
  readonly reasons: readonly Reason[]
}> {
  const recorded = await recordedDecision(ports, project, id)
  const { outcome, reasons } = decidePromotion(recorded.evidence, recorded.policy)
  const same = canonicalJson([outcome, reasons]) === canonicalJson([recorded.outcome, recorded.reasons])
  return { id, same, outcome, reasons }
}
