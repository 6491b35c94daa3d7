import type { Project } from '../define/project.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { MetricName } from '../domain/policy.ts'
import { decidePromotion } from '../domain/promotion/decide-promotion.ts'
import type { Outcome, Reason } from '../domain/promotion/decision.ts'
import { unpackScoredRows } from '../domain/scored-rows.ts'
import { alphaOfLook } from '../domain/significance/alpha-spending.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { DecisionRecord } from '../ports/registry.ts'
import { scoredEvidence } from './evaluate.ts'

/** A recorded decision of this project's model, or `decision_unknown`. */
export async function recordedDecision(ports: Ports, project: Project, id: string): Promise<DecisionRecord> {
  const decision = await ports.registry.decision(id)
  if (decision && decision.model === project.model.name) return decision
  throw new VigieError('decision_unknown', `${project.model.name} has no decision "${id}"`, { value: id })
}

export interface Replayed {
  readonly id: string
  /** Whether everything that could be computed again is the same, byte for byte. */
  readonly same: boolean
  readonly outcome: Outcome
  readonly reasons: readonly Reason[]
  /**
   * Whether the stored scores give the evidence again: `not_kept` when nothing was scored, or too many rows to keep. What
   * is measured, as a latency, is not measured again.
   */
  readonly evidence: 'same' | 'other' | 'not_kept'
}

/** Decides again from what was stored: the evidence from the scores, and outcome and reasons from the evidence. */
export async function replay(ports: Ports, project: Project, id: string): Promise<Replayed> {
  const recorded = await recordedDecision(ports, project, id)
  const { outcome, reasons } = decidePromotion(recorded.evidence, recorded.policy)
  const evidence = await evidenceAgain(ports, recorded)
  const decided = canonicalJson([outcome, reasons]) === canonicalJson([recorded.outcome, recorded.reasons])
  return { id, same: decided && evidence !== 'other', outcome, reasons, evidence }
}

async function evidenceAgain(
  ports: Ports,
  { evidence, policy }: Pick<DecisionRecord, 'evidence' | 'policy'>,
): Promise<Replayed['evidence']> {
  const { scoredRows, look, metrics } = evidence
  if (!scoredRows || look === null || metrics === null) return 'not_kept'
  const scored = unpackScoredRows(await ports.artefacts.get(scoredRows))
  if (scored.hashes.rows !== evidence.rowsHash) return 'other'
  const compared = await ports.compute.run('compare', {
    scored,
    policy,
    alpha: alphaOfLook(look, 1 - policy.confidence, policy.looks),
    metricNames: Object.keys(metrics.challenger) as MetricName[],
  })
  const again = { ...scoredEvidence(compared, scored), guards: compared.guards }
  const { latencyMs: _, sizeBytes: __, ...guards } = evidence.guards
  const { gain, floorLower, slices, unjudgedSlices, baseRates } = evidence
  const stored = { gain, floorLower, slices, unjudgedSlices, baseRates, metrics, guards }
  return canonicalJson(again) === canonicalJson(stored) ? 'same' : 'other'
}
