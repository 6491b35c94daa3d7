import type { CardReport } from '../../domain/model-card.ts'

interface PerformanceMetric {
  readonly type: string
  readonly value: string
  readonly slice?: string
  readonly confidenceInterval?: { readonly lowerBound: string; readonly upperBound: string }
}

/** Numbers are texts in CycloneDX: the shortest that read back to the same float64. Intervals are two-sided, 95 %. */
export function performanceMetrics({ evaluation }: CardReport): readonly PerformanceMetric[] {
  if (evaluation === null) return []
  const { details, evidence } = evaluation
  const inAll: readonly PerformanceMetric[] = details
    ? details.metrics.flatMap(({ metric, challenger }) =>
        challenger ? [{ type: metric, ...measured(challenger) }] : [],
      )
    : Object.entries(evidence.metrics?.challenger ?? {}).map(([type, value]) => ({ type, value: String(value) }))
  const inParts = (evidence.slices ?? []).map(({ name, harm }) => ({
    type: 'rise of the loss against the champion of then',
    value: String(harm),
    slice: name,
  }))
  return [...inAll, ...inParts]
}

function measured({ value, low, high }: { readonly value: number; readonly low: number; readonly high: number }) {
  return { value: String(value), confidenceInterval: { lowerBound: String(low), upperBound: String(high) } }
}
