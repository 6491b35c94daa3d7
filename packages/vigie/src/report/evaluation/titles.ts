import type { EvaluatedMetric } from '../../domain/evaluation/metric-intervals.ts'
import { metricTitle } from '../performance-reading.ts'

/** What a metric is called, as the first word of a line. */
export function titleOf(metric: EvaluatedMetric): string {
  if (metric === 'liftAtTenth') return 'Lift of top 10 %'
  if (metric === 'gainAtTenth') return 'Found in top 10 %'
  const title = metricTitle(metric)
  return title.charAt(0).toUpperCase() + title.slice(1)
}
