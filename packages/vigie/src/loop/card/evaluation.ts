import type { Target } from '../../domain/model/target.ts'
import type { CardReport } from '../../domain/model-card.ts'
import { metricsFor } from '../../domain/policy.ts'
import { unpackScoredRows } from '../../domain/scored-rows.ts'
import type { Ports } from '../../ports/ports.ts'
import type { DecisionRecord } from '../../ports/registry.ts'

/**
 * The newest evaluation of a version, the one that made it champion before others. Intervals are computed again from the
 * scores that were kept with the decision, so nobody looks at the holdout for a card.
 */
export async function cardEvaluation(
  ports: Pick<Ports, 'artefacts' | 'compute'>,
  decisions: readonly DecisionRecord[],
  target: Target,
): Promise<Pick<CardReport, 'evaluation' | 'unevaluated'>> {
  const scored = decisions.filter(({ evidence }) => evidence.metrics !== null)
  const judged = scored.findLast(({ outcome }) => outcome === 'promote') ?? scored.at(-1)
  if (!judged) {
    const why = decisions.length === 0 ? 'it was never compared' : 'no comparison of it could be scored'
    return { evaluation: null, unevaluated: why }
  }
  const { id, asOf, champion, evidence } = judged
  const kept = evidence.scoredRows ?? null
  const details =
    kept === null
      ? null
      : await ports.compute.run('compareDetails', {
          scored: unpackScoredRows(await ports.artefacts.get(kept)),
          metricNames: metricsFor(target),
        })
  return { evaluation: { decision: id, asOf, champion, evidence, details }, unevaluated: null }
}
