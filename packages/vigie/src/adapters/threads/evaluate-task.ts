import { evaluationCurves } from '../../domain/evaluation/evaluation-curves.ts'
import { metricIntervals } from '../../domain/evaluation/metric-intervals.ts'
import { pairedIntervals } from '../../domain/evaluation/paired-intervals.ts'
import type { Tasks } from '../../ports/compute.ts'

export function metricIntervalsTask({ answers, entities, skipped }: Tasks['metricIntervals']['input']) {
  return metricIntervals(answers, entities, skipped)
}

export function pairedIntervalsTask({ score, against, entities, skipped }: Tasks['pairedIntervals']['input']) {
  return pairedIntervals(score, against, entities, skipped)
}

export function evaluationCurvesTask({ score, against }: Tasks['evaluationCurves']['input']) {
  return evaluationCurves(score, against)
}
