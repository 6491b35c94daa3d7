import { actions } from './actions.ts'
import { columnSection } from './column-section.ts'
import { featureSection } from './feature-section.ts'
import { headlines } from './headlines.ts'
import { type Html, html } from './html.ts'
import { methodSection } from './method-section.ts'
import type { MonitorReport } from './model.ts'
import { count, plural } from './numbers.ts'
import { page, reportJson } from './page.ts'
import { performanceSection } from './performance-section.ts'
import { sentence } from './sentence.ts'
import { statusMark } from './status.ts'
import { targetSection } from './target-section.ts'
import { verdict } from './verdict.ts'

/** The monitor's report as one page that needs nothing else. */
export function renderHtml(report: MonitorReport): string {
  const { model, reference, current, generatedBy } = report
  const { status, word, title, text } = verdict(report)
  const replay = `vigie monitor --reference ${reference.asOf} --as-of ${current.asOf}`
  return page({
    title: `${model}: drift and performance, ${current.asOf}`,
    kind: 'drift and performance',
    skipTo: { id: 'todo', text: 'Skip to what to do' },
    facts: facts(report),
    main: html`<div class="verdict">${statusMark(status, word)}<h1>${title}</h1><p>${text}</p></div>
${headlines(report)}
<nav class="toc noprint" aria-label="In this report"><a href="#todo">What to do</a><a href="#performance">Performance</a><a href="#features">Inputs</a><a href="#target">Target</a><a href="#columns">Columns</a><a href="#method">Method</a></nav>
${todo(report)}
${performanceSection(report)}
${featureSection(report)}
${targetSection(report)}
${columnSection(report)}
${methodSection(report)}`,
    footer: html`<p>The same numbers as JSON are kept beside this page. Make it again: <span class="cmd">${replay}</span></p><p>${generatedBy}</p>`,
  })
}

/** The same numbers for programs. */
export function renderJson(report: MonitorReport): string {
  return reportJson(report)
}

function facts({
  project,
  model,
  reference,
  current,
  performance,
}: MonitorReport): readonly (readonly [string, string])[] {
  const champion = performance === null ? '' : `, champion version ${performance.version}`
  return [
    ['Project', project],
    ['Model', `${model}${champion}`],
    ['Reference', `${reference.asOf}, ${plural(reference.rows, 'row')}`],
    ['Current', `${current.asOf}, ${plural(current.rows, 'row')}`],
  ]
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
