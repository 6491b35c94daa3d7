import type { CardReport } from '../../domain/model-card.ts'

/** Limits as they are recorded, and the parts of the rows that were found or named as those at risk. */
export function considerations({ limits, decisions, evaluation }: CardReport): object {
  const decisive = decisions.findLast(({ id }) => id === evaluation?.decision)
  const tradeoffs = (decisive?.reasons ?? []).filter(({ kind }) => kind === 'keep' || kind === 'warn')
  const harmed = (decisive?.reasons ?? []).filter(({ slice }) => slice !== undefined)
  return {
    technicalLimitations: limits,
    ...(tradeoffs.length > 0 ? { performanceTradeoffs: tradeoffs.map(({ text }) => text) } : {}),
    ...(harmed.length > 0
      ? {
          fairnessAssessments: harmed.map(({ slice, text, fix }) => ({
            groupAtRisk: slice,
            harms: text,
            ...(fix ? { mitigationStrategy: fix } : {}),
          })),
        }
      : {}),
  }
}
