import type { Project } from '../define/project.ts'
import { asOf } from '../domain/as-of.ts'
import { hasCode, VigieError } from '../errors.ts'
import { namedReport, reportText } from '../ports/report-name.ts'
import type { ReportKind, ReportName, Reports } from '../ports/reports.ts'
import type { Health, ReportEntry, ServedModel } from './client.ts'
import { requireServed } from './predict.ts'
import { Page } from './route.ts'
import type { ServingModel } from './serving-model.ts'

/** Answers what operators ask: is it well, which model answers, what did the monitor report. */
export function operations(project: Project, serving: ServingModel, reports: Reports) {
  return {
    health: (): Health => {
      const served = serving.current()
      const failure = serving.failure() ?? (served ? null : new VigieError('no_champion', 'there is no champion yet'))
      return {
        status: 'ok',
        champion: served && { version: served.champion.version, since: served.champion.since },
        degraded: failure ? [{ code: failure.code, text: failure.message, hint: failure.hint }] : [],
      }
    },

    model: (): ServedModel => {
      const { champion, model } = requireServed(serving)
      return {
        name: project.model.name,
        version: champion.version,
        since: champion.since,
        artefact: champion.artefact,
        target: model.target,
        threshold: model.threshold,
        features: model.features.map(({ feature, view, type, optional, categories }) => ({
          name: feature,
          view,
          type,
          optional,
          ...(categories ? { categories } : {}),
        })),
      }
    },

    reports: async (): Promise<{ readonly reports: readonly ReportEntry[] }> => {
      const names = await reports.list()
      return { reports: names.map(entry) }
    },

    reportPage: (date: string) => page(reports, monitorName(date)),
    reportJson: (date: string) => json(reports, monitorName(date)),
    /** `validation`, `comparison` and `card`: reports that are about more than a date. */
    namedPage: (kind: NamedKind, text: string) => page(reports, reportCalled(kind, text)),
    namedJson: (kind: NamedKind, text: string) => json(reports, reportCalled(kind, text)),
  }
}

export type NamedKind = Exclude<ReportKind, 'monitor'>

function entry(name: ReportName): ReportEntry {
  const at = name.kind === 'monitor' ? `/reports/${name.asOf}` : `/reports/${name.kind}/${reportText(name)}`
  return { kind: name.kind, as_of: name.asOf, html: at, json: `${at}.json` }
}

function monitorName(date: string): ReportName {
  return { kind: 'monitor', asOf: asOf(date) }
}

function reportCalled(kind: NamedKind, text: string): ReportName {
  let name: ReportName | null = null
  try {
    name = namedReport(kind, text)
  } catch (error) {
    // Half of a name is no date by itself: nothing of that name ever was.
    if (!hasCode(error, 'as_of_invalid')) throw error
  }
  if (name) return name
  throw reportUnknown(`the ${kind} ${text.slice(0, 80)}`, IS_WRITTEN[kind])
}

/** The report carries its own content security policy; only what a page cannot say about itself is added. */
async function page(reports: Reports, name: ReportName): Promise<Page> {
  return new Page('text/html; charset=utf-8', await readReport(reports, name, 'html'), {
    'content-security-policy': "frame-ancestors 'none'",
  })
}

async function json(reports: Reports, name: ReportName): Promise<unknown> {
  return JSON.parse(await readReport(reports, name, 'json'))
}

async function readReport(reports: Reports, name: ReportName, form: 'html' | 'json'): Promise<string> {
  const report = await reports.read(name, form)
  if (report !== null) return report
  throw reportUnknown(
    name.kind === 'monitor' ? name.asOf : `the ${name.kind} ${reportText(name)}`,
    IS_WRITTEN[name.kind],
  )
}

const IS_WRITTEN: Readonly<Record<ReportKind, string>> = {
  monitor: 'a report is written when a date is monitored',
  validation: 'a report is written when a delivery is looked at',
  comparison: 'a report is written when two versions are compared',
  card: 'a card is written by vigie card',
}

function reportUnknown(what: string, rule: string): VigieError {
  return new VigieError('report_unknown', `there is no report of ${what}`, { rule, value: what })
}
