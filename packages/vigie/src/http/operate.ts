import type { Project } from '../define/project.ts'
import { asOf } from '../domain/as-of.ts'
import { VigieError } from '../errors.ts'
import type { Reports } from '../ports/reports.ts'
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
      const dates = await reports.list()
      return {
        reports: dates.map((date) => ({ as_of: date, html: `/reports/${date}`, json: `/reports/${date}.json` })),
      }
    },

    /** The report carries its own content security policy; only what a page cannot say about itself is added. */
    reportPage: async (date: string): Promise<Page> =>
      new Page('text/html; charset=utf-8', await readReport(reports, date, 'html'), {
        'content-security-policy': "frame-ancestors 'none'",
      }),

    reportJson: async (date: string): Promise<unknown> => JSON.parse(await readReport(reports, date, 'json')),
  }
}

async function readReport(reports: Reports, date: string, form: 'html' | 'json'): Promise<string> {
  const report = await reports.read(asOf(date), form)
  if (report !== null) return report
  throw new VigieError('report_unknown', `there is no report of ${date}`, {
    rule: 'a report is written when a date is monitored',
    value: date,
  })
}
