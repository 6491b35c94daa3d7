import type { MetricName } from '../policy.ts'

export const METRIC_TEXT: Readonly<Record<MetricName, string>> = {
  auc: 'AUC',
  averagePrecision: 'Average precision',
  f1: 'F1',
  accuracy: 'Accuracy',
  logLoss: 'Log loss',
  brier: 'Brier score',
  ece: 'Calibration error',
  ks: 'KS',
  rmse: 'RMSE',
  mae: 'Mean absolute error',
  r2: 'R2',
}

/** `+0.0199`: gains and their bounds are read against 0. */
export function signed(value: number): string {
  const text = value.toFixed(4)
  return value < 0 ? text : `+${text}`
}

/** A value of a metric, or a smallest gain. */
export function rounded(value: number): string {
  return value.toFixed(3)
}

export function percent(share: number, digits = 1): string {
  return `${Number((100 * share).toFixed(digits))} %`
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}
