import { createHash } from 'node:crypto'
import { actions } from './actions.ts'
import { columnSection } from './column-section.ts'
import { featureSection } from './feature-section.ts'
import { headlines } from './headlines.ts'
import { type Html, html, raw } from './html.ts'
import { logo } from './marks.ts'
import { methodSection } from './method-section.ts'
import type { MonitorReport } from './model.ts'
import { count, plural } from './numbers.ts'
import { performanceSection } from './performance-section.ts'
import { sentence } from './sentence.ts'
import { statusMark } from './status.ts'
import { style } from './style.ts'
import { targetSection } from './target-section.ts'
import { verdict } from './verdict.ts'

/**
 * The report as one page that needs nothing else: no script, no request. Its content security policy allows the one
 * style sheet, by hash, so nothing from data could load or run even if it came through.
 */
export function renderHtml(report: MonitorReport): string {
  const { model, reference, current, generatedBy } = report
  const { status, word, title, text } = verdict(report)
  const policy = `default-src 'none'; style-src 'sha256-${sha256(style)}'; base-uri 'none'; form-action 'none'`
  const replay = `vigie monitor --reference ${reference.asOf} --as-of ${current.asOf}`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${model}: drift and performance, ${current.asOf}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#todo">Skip to what to do</a>
<div class="wrap"><header>
<div class="mark">${logo}Vigie<span class="dim">drift and performance</span></div>
<div class="scale" aria-hidden="true"></div>
${facts(report)}</header>
<main>
<div class="verdict">${statusMark(status, word)}<h1>${title}</h1><p>${text}</p></div>
${headlines(report)}
<nav class="toc noprint" aria-label="In this report"><a href="#todo">What to do</a><a href="#performance">Performance</a><a href="#features">Inputs</a><a href="#target">Target</a><a href="#columns">Columns</a><a href="#method">Method</a></nav>
${todo(report)}
${performanceSection(report)}
${featureSection(report)}
${targetSection(report)}
${columnSection(report)}
${methodSection(report)}
</main>
<footer><p>The same numbers as JSON are kept beside this page. Make it again: <span class="cmd">${replay}</span></p><p>${generatedBy}</p></footer></div>
</body>
</html>
`.markup
}

/** The same numbers for programs. Throws on NaN and infinities, which JSON would turn into null without a reason. */
export function renderJson(report: MonitorReport): string {
  const refuseNonFinite = (key: string, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`"${key}" is ${value}`)
    return value
  }
  return `${JSON.stringify(report, refuseNonFinite, 2)}\n`
}

function facts({ project, model, reference, current, performance }: MonitorReport): Html {
  const champion = performance === null ? '' : `, champion version ${performance.version}`
  const rows: readonly (readonly [string, string])[] = [
    ['Project', project],
    ['Model', `${model}${champion}`],
    ['Reference', `${reference.asOf}, ${plural(reference.rows, 'row')}`],
    ['Current', `${current.asOf}, ${plural(current.rows, 'row')}`],
  ]
  return html`<dl class="meta">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`
}

const MOST_ACTIONS = 12

function todo(report: MonitorReport): Html {
  const all = actions(report)
  const items = all
    .slice(0, MOST_ACTIONS)
    .map(
      ({ what, why, who }) =>
        html`<li><div><b>${what}</b> <span class="soft">${why}</span></div><div class="who">${who}</div></li>`,
    )
  const more = all.length - items.length
  return html`<section id="todo" aria-labelledby="h-todo"><h2 id="h-todo">What to do</h2>
${items.length === 0 ? html`<p class="lead">Nothing. ${sentence(report.retrain.text)}</p>` : html`<ol class="todo">${items}</ol>`}
${more > 0 ? html`<p class="soft">And ${count(more)} more inputs, shown below.</p>` : null}</section>`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
