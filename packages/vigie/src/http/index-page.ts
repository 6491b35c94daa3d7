import type { Project } from '../define/project.ts'
import type { Health, ReportEntry } from './client.ts'
import { Page, type Route } from './route.ts'

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#10202a;background:#f3f6f6}
td{padding:.25rem 1rem .25rem 0;vertical-align:top}code{font-family:ui-monospace,Menlo,Consolas,monospace}a{color:#0b4f7c}
@media(prefers-color-scheme:dark){body{color:#dfe6e8;background:#10181d}a{color:#8cc4ea}}`

/** Who answers, the reports, newest first, and every route, for a person who opens the address in a browser. */
export function indexPage(
  project: Project,
  routes: readonly Route[],
  { champion, degraded }: Health,
  reports: readonly ReportEntry[],
): Page {
  const rows = routes.map(({ method, url, summary }) => {
    const address = `<code>${method} ${escapeHtml(url.replaceAll(/:(\w+)/g, '{$1}'))}</code>`
    const linked = method === 'GET' && !url.includes(':') ? `<a href="${url}">${address}</a>` : address
    return `<tr><td>${linked}</td><td>${escapeHtml(summary)}</td></tr>`
  })
  const name = escapeHtml(project.name)
  const state = [
    champion
      ? `Version ${champion.version} answers, champion since ${escapeHtml(champion.since)}.`
      : 'No model answers.',
    ...degraded.map(({ text, hint }) => escapeHtml(`${text}. ${hint}`)),
  ]
  const linksTo = (kind: ReportEntry['kind']) =>
    reports
      .filter((report) => report.kind === kind)
      .toReversed()
      .map(({ html }) => `<li><a href="${html}">${escapeHtml(html.slice(html.lastIndexOf('/') + 1))}</a></li>`)
  const links = linksTo('monitor')
  const deliveries = linksTo('validation')
  const comparisons = linksTo('comparison')
  const cards = linksTo('card')
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${name}</title>
<style>${STYLE}</style>
<h1>${name}</h1>
<p>${state.join('<br>')}</p>
<h2>Reports of the monitor</h2>
${links.length > 0 ? `<ul>${links.join('')}</ul>` : '<p>None yet. The first is written when a second date is monitored.</p>'}
<h2>Reports of deliveries</h2>
${deliveries.length > 0 ? `<ul>${deliveries.join('')}</ul>` : '<p>None yet. One is written for each delivery.</p>'}
<h2>Comparisons</h2>
${comparisons.length > 0 ? `<ul>${comparisons.join('')}</ul>` : '<p>None yet. One is written when two versions are compared.</p>'}
<h2>Cards of versions</h2>
${cards.length > 0 ? `<ul>${cards.join('')}</ul>` : '<p>None yet. One is written by <code>vigie card</code>.</p>'}
<h2>API</h2>
<p>Of the model <code>${escapeHtml(project.model.name)}</code>, described in full by <a href="/openapi.json">openapi.json</a>.</p>
<table>
${rows.join('\n')}
</table>
</html>
`
  return new Page('text/html; charset=utf-8', html, {
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  })
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
