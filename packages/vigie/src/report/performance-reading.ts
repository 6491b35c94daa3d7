import type { MetricName } from '../domain/policy.ts'
import type { ReportedPerformance } from './model.ts'

const METRICS: Readonly<Record<MetricName, { readonly title: string; readonly better: 'up' | 'down' }>> = {
  auc: { title: 'AUC', better: 'up' },
  f1: { title: 'F1', better: 'up' },
  accuracy: { title: 'accuracy', better: 'up' },
  logLoss: { title: 'log loss', better: 'down' },
  brier: { title: 'Brier score', better: 'down' },
}

export function metricTitle(metric: MetricName): string {
  return METRICS[metric].title
}

export function isUpGood(metric: MetricName): boolean {
  return METRICS[metric].better === 'up'
}

export type Reading = 'no better than chance' | 'worse' | 'no fall shown' | 'no earlier value'

/** Reads the champion's number by its interval: a fall is shown only when the whole interval is on the worse side. */
export function performanceReading({ metric, was, now }: ReportedPerformance): Reading {
  if (metric === 'auc' && now.low <= 0.5) return 'no better than chance'
  if (was === null) return 'no earlier value'
  const worse = isUpGood(metric) ? now.high < was : now.low > was
  return worse ? 'worse' : 'no fall shown'
}
