import type { Project } from '../define/project.ts'
import type { CardReport } from '../domain/model-card.ts'
import type { Ports } from '../ports/ports.ts'
import { renderHtml, renderJson } from '../report/card/render.ts'
import { modelCard } from './model-card.ts'

/** Makes the card of a version and keeps it with the other reports; a newer one replaces it. */
export async function keepCard(
  ports: Ports,
  project: Project,
  request: { readonly version: number; readonly explain: boolean },
  onProgress?: (share: number) => void,
): Promise<{
  readonly report: CardReport
  readonly html: string
  readonly kept: { readonly html: string; readonly json: string }
}> {
  const report = await modelCard(ports, project, request, onProgress)
  const html = renderHtml(report)
  const name = { kind: 'card', asOf: report.training.asOf, version: report.version } as const
  return { report, html, kept: await ports.reports.save(name, { html, json: renderJson(report) }) }
}
