import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import type { DriftReport } from '../domain/drift/report.ts'
import type { MetricName, RetrainRule } from '../domain/policy.ts'
import { decideRetrain, type RetrainDecision } from '../domain/retrain.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { MonitorReport } from '../report/model.ts'
import { renderHtml, renderJson } from '../report/render.ts'
import { VERSION } from '../version.ts'
import { type Dataset, labelledRows, split } from './dataset.ts'
import { modelVersion, scores } from './holdout-scores.ts'

/** The champion's metric on the held-out rows of this date, beside what it was when it became champion. */
export interface Performance {
  readonly metric: MetricName
  readonly version: number
  readonly rows: number
  /** Null when no decision recorded it: the champion was moved by hand. */
  readonly was: number | null
  readonly now: { readonly value: number; readonly low: number; readonly high: number }
}

export interface MonitorResult {
  readonly asOf: AsOf
  /** Date that this one is compared with; null for the first. */
  readonly reference: AsOf | null
  readonly drift: DriftReport | null
  readonly performance: Performance | null
  readonly retrain: RetrainDecision
}

/**
 * Compares the inputs of `asOf` with an earlier date, scores the champion on the labels that arrived, decides whether
 * to retrain, and writes the report. The reference defaults to the previous snapshot; the first date has none.
 */
export async function monitor(
  ports: Ports,
  project: Project,
  { asOf, reference }: { readonly asOf: AsOf; readonly reference?: AsOf },
): Promise<MonitorResult> {
  const against = reference ?? (await previousDate(ports, asOf))
  const [current, before] = await Promise.all([
    labelledRows(ports, project, asOf),
    against === null ? null : labelledRows(ports, project, against),
  ])
  const drift = before && (await ports.compute.run('drift', { reference: before.rows, current: current.rows }))
  const champion = await ports.registry.champion(project.model.name)
  const performance = champion && (await championPerformance(ports, project, champion.version, current))
  const retrain = decideRetrain({
    hasChampion: champion !== null,
    driftShare: drift?.share ?? null,
    performance,
    rule: project.monitor.retrainWhen,
  })
  const result = { asOf, reference: against, drift, performance, retrain }
  if (before) await saveReport(ports, project, result, before, current)
  return result
}

async function previousDate(ports: Ports, asOf: AsOf): Promise<AsOf | null> {
  const snapshots = await ports.snapshots.list()
  return snapshots.findLast((snapshot) => snapshot.asOf < asOf)?.asOf ?? null
}

/** Null while the champion was trained on this date or later: there is no newer truth to judge it by. */
async function championPerformance(
  ports: Ports,
  project: Project,
  version: number,
  current: Dataset,
): Promise<Performance | null> {
  const model = await modelVersion(ports, project, version)
  if (model.trainedAsOf >= current.asOf) return null
  const { heldOut } = split(current, project)
  const probability = await scores(ports, project, model, heldOut)
  const metric = watchedMetric(project.monitor.retrainWhen) ?? project.promotion.metric
  return {
    metric,
    version,
    rows: heldOut.rows.keys.length,
    was: await metricAtPromotion(ports, project, version, metric),
    now: await ports.compute.run('interval', {
      metric,
      y: heldOut.rows.label,
      probability,
      threshold: project.model.threshold,
    }),
  }
}

async function metricAtPromotion(
  ports: Ports,
  project: Project,
  version: number,
  metric: MetricName,
): Promise<number | null> {
  const decisions = await ports.registry.decisions(project.model.name)
  const promoted = decisions.findLast((d) => d.outcome === 'promote' && d.challenger === version)
  return promoted?.evidence.metrics?.challenger[metric] ?? null
}

/** The metric that the definition's rule watches, if it watches one. */
function watchedMetric(rule: RetrainRule): MetricName | undefined {
  if (rule.kind === 'any') return rule.of.map(watchedMetric).find((metric) => metric !== undefined)
  return rule.kind === 'performance' ? rule.metric : undefined
}

async function saveReport(
  ports: Ports,
  project: Project,
  { asOf, reference, drift, performance, retrain }: MonitorResult,
  before: Dataset,
  current: Dataset,
): Promise<void> {
  if (!drift || !reference) throw new VigieError('internal', 'a report needs two dates')
  const report: MonitorReport = {
    project: project.name,
    model: project.model.name,
    reference: { asOf: reference, rows: before.rows.keys.length },
    current: { asOf, rows: current.rows.keys.length },
    drift,
    performance,
    retrain,
    generatedBy: `vigie ${VERSION}`,
  }
  await ports.reports.save(asOf, { html: renderHtml(report), json: renderJson(report) })
}
