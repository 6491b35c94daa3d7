import type { Project } from '../define/project.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { Champion } from '../ports/registry.ts'
import { modelVersion } from './holdout-scores.ts'
import { proveParity } from './parity/prove-parity.ts'
import { recordedDecision } from './replay.ts'

/**
 * Makes the challenger of a decision champion: alias, stage, audit row and notification in one transaction, refused
 * when the champion is no longer the one that the decision was about. Idempotent for a decision.
 *
 * Before, the online store is proven to hold what the history says: `parity_mismatch` leaves the champion as it is.
 */
export async function promote(
  ports: Ports,
  project: Project,
  { decision: id, actor }: { readonly decision: string; readonly actor: string },
): Promise<Champion> {
  const decision = await recordedDecision(ports, project, id)
  if (decision.outcome !== 'promote') {
    throw new VigieError('candidate_refused', `decision ${id} says ${decision.outcome}, not promote`, {
      rule: 'only a decision to promote moves the champion',
      value: decision.outcome,
    })
  }
  await proveParity(ports, project, await modelVersion(ports, project, decision.challenger))
  return ports.registry.promote({
    model: decision.model,
    version: decision.challenger,
    expectedEpoch: decision.championEpoch,
    decision: id,
    actor,
  })
}
