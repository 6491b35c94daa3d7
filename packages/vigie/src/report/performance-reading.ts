import { isLoss, type MetricName } from '../domain/policy.ts'
import type { ReportedPerformance } from './model.ts'

const TITLES: Readonly<Record<MetricName, string>> = {
  auc: 'AUC',
  averagePrecision: 'average precision',
  f1: 'F1',
  accuracy: 'accuracy',
  logLoss: 'log loss',
  brier: 'Brier score',
  ece: 'calibration error',
  ks: 'KS',
  rmse: 'RMSE',
  mae: 'mean absolute error',
  r2: 'R\u00b2',
}

export function metricTitle(metric: MetricName): string {
  return TITLES[metric]
}

export type Reading = 'no better than chance' | 'worse' | 'too few rows to tell' | 'no fall shown' | 'no earlier value'

/**
 * Reads the champion's number by its interval. A fall is shown only when the whole interval is on the worse side of the
 * old value; an interval that holds both the old value and chance shows nothing at all.
 */
export function performanceReading({ metric, was, now }: ReportedPerformance): Reading {
  const chance = metric === 'auc' && now.low <= 0.5
  if (was === null) return chance ? 'no better than chance' : 'no earlier value'
  const fell = isLoss(metric) ? now.low > was : now.high < was
  if (fell) return chance ? 'no better than chance' : 'worse'
  return chance ? 'too few rows to tell' : 'no fall shown'
}

/** True when somebody must act. */
export function isFailing(reading: Reading): boolean {
  return reading === 'no better than chance' || reading === 'worse'
}
