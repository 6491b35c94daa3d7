import { labelColumn, labelTarget } from '../define/label.ts'
import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import type { DriftReport } from '../domain/drift/report.ts'
import type { Frame } from '../domain/frame.ts'
import type { MetricName, RetrainRule } from '../domain/policy.ts'
import { decideRetrain, type RetrainDecision } from '../domain/retrain.ts'
import { hasCode, VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import type { MonitorReport } from '../report/model.ts'
import { renderHtml, renderJson } from '../report/render.ts'
import { VERSION } from '../version.ts'
import { type Dataset, labelledRows, referenceRows, split } from './dataset.ts'
import { lackingInputs, lackingText, modelVersion, scores, trainedAs } from './holdout-scores.ts'

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
  /** Why there is no performance; null when there is. */
  readonly unmeasured: string | null
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
  const dates = await knownDates(ports, project)
  const against = reference ?? dates.findLast((date) => date < asOf) ?? null
  const [current, before] = await Promise.all([
    labelledRows(ports, project, asOf),
    against === null ? null : referenceRows(ports, project, against),
  ])
  const drift =
    before &&
    (await ports.compute.run('drift', {
      reference: before,
      current: current.rows,
      labelColumn: labelColumn(project.label),
    }))
  const champion = await championNow(ports, project)
  const measured = await championPerformance(ports, project, champion, current)
  const retrain = decideRetrain({
    hasChampion: champion !== null,
    newerDate: dates.findLast((date) => date > asOf) ?? null,
    unreadable: champion?.unreadable ?? null,
    driftShare: drift?.share ?? null,
    performance: measured.performance,
    rule: project.monitor.retrainWhen,
  })
  const result = { asOf, reference: against, drift, ...measured, retrain }
  if (before) await saveReport(ports, project, result, before, current)
  return result
}

/** Dates that have labels of this definition, ascending. */
async function knownDates(ports: Ports, project: Project): Promise<readonly AsOf[]> {
  const snapshots = await ports.snapshots.list()
  return snapshots.filter(({ tables }) => tables[project.label.from]).map(({ asOf }) => asOf)
}

interface ChampionNow {
  readonly model: ModelVersion
  /** Why it cannot be scored under the definition; null when it can. */
  readonly unreadable: string | null
}

async function championNow(ports: Ports, project: Project): Promise<ChampionNow | null> {
  const reign = await ports.registry.champion(project.model.name)
  if (!reign) return null
  const model = await modelVersion(ports, project, reign.version)
  const lacking = await lackingInputs(ports, project, model)
  return { model, unreadable: lacking.length === 0 ? null : lackingText(model, lacking) }
}

type Measured = Pick<MonitorResult, 'performance' | 'unmeasured'>

/** The champion on the labels of this date, or why there is no such number. */
async function championPerformance(
  ports: Ports,
  project: Project,
  champion: ChampionNow | null,
  current: Dataset,
): Promise<Measured> {
  const nothing = (unmeasured: string): Measured => ({ performance: null, unmeasured })
  if (!champion) return nothing('there is no champion yet')
  const { model, unreadable } = champion
  const { version } = model
  if (unreadable !== null) return nothing(unreadable)
  if (model.trainedAsOf >= current.asOf) return nothing(`no outcome is newer than the training of version ${version}`)
  const { heldOut } = split(current, project.model.holdout)
  if (heldOut.immature > 0) return nothing('the labels of this date came before their outcome was decided')
  if (heldOut.rows.keys.length === 0) return nothing('no row of this date is held out')
  const metric = watchedMetric(project.monitor.retrainWhen) ?? project.promotion.metric
  const answers = await scores(ports, project, model, heldOut)
  const { threshold } = await trainedAs(ports, model)
  const was = await metricAtPromotion(ports, project, version, metric)
  try {
    const now = await ports.compute.run('interval', {
      metric,
      kind: labelTarget(project.label).kind,
      y: heldOut.rows.label,
      scores: answers,
      ...(threshold === null ? {} : { threshold }),
    })
    return { performance: { metric, version, rows: heldOut.rows.keys.length, was, now }, unmeasured: null }
  } catch (error) {
    if (!hasCode(error, 'metric_undefined')) throw error
    return nothing(`${error.details.rule}: ${error.details.value}`)
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
  { asOf, reference, drift, performance, unmeasured, retrain }: MonitorResult,
  before: Frame,
  current: Dataset,
): Promise<void> {
  if (!drift || !reference) throw new VigieError('internal', 'a report needs two dates')
  const report: MonitorReport = {
    project: project.name,
    model: project.model.name,
    reference: { asOf: reference, rows: before.keys.length },
    current: { asOf, rows: current.rows.keys.length },
    drift,
    performance,
    unmeasured,
    retrain,
    generatedBy: `vigie ${VERSION}`,
  }
  await ports.reports.save({ kind: 'monitor', asOf }, { html: renderHtml(report), json: renderJson(report) })
}
