import type { Project } from '../define/project.ts'
import { asOf } from '../domain/as-of.ts'
import { hasCode, VigieError } from '../errors.ts'
import type { ReportName, Reports } from '../ports/reports.ts'
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
    validationPage: (delivery: string) => page(reports, validationName(delivery)),
    validationJson: (delivery: string) => json(reports, validationName(delivery)),
  }
}

function entry(name: ReportName): ReportEntry {
  const at = name.kind === 'monitor' ? `/reports/${name.asOf}` : `/reports/validation/${name.asOf}-${name.delivery}`
  return { kind: name.kind, as_of: name.asOf, html: at, json: `${at}.json` }
}

function monitorName(date: string): ReportName {
  return { kind: 'monitor', asOf: asOf(date) }
}

/** `2024-02-29-3fa9c1d2e4b5` */
function validationName(text: string): ReportName {
  try {
    return { kind: 'validation', asOf: asOf(text.slice(0, 10)), delivery: text.slice(11) }
  } catch (error) {
    // Half of a name is no date by itself: a delivery of that name never was.
    if (hasCode(error, 'as_of_invalid')) throw reportUnknown(`the delivery ${text.slice(0, 80)}`, IS_LOOKED_AT)
    throw error
  }
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
  throw name.kind === 'monitor'
    ? reportUnknown(name.asOf, 'a report is written when a date is monitored')
    : reportUnknown(`the delivery ${name.asOf}-${name.delivery}`, IS_LOOKED_AT)
}

const IS_LOOKED_AT = 'a report is written when a delivery is looked at'

function reportUnknown(what: string, rule: string): VigieError {
  return new VigieError('report_unknown', `there is no report of ${what}`, { rule, value: what })
}
