import { type Html, html } from '../html.ts'
import { count, percent } from '../numbers.ts'
import { page } from '../page.ts'
import { statusMark } from '../status.ts'
import { curvesSection } from './curves-section.ts'
import { methodSection } from './method-section.ts'
import { metricsSection, shown } from './metrics-section.ts'
import type { EvaluationReport } from './model.ts'
import { slicesSection } from './slices-section.ts'
import { titleOf } from './titles.ts'
import { verdictOf } from './verdict.ts'

const WORDS = { ok: 'Shown', watch: 'Not shown', act: 'Look here', none: 'No reading' } as const

/** The evaluation of a file as one page that needs nothing else. */
export function renderHtml(report: EvaluationReport): string {
  const { file, columns, generatedBy } = report
  const { status, title, text } = verdictOf(report)
  const against = columns.against.length > 0 ? ` --against ${columns.against.join(',')}` : ''
  const again = `vigie evaluate ${file} --label ${columns.label} --score ${columns.score.join(',')}${against}`
  return page({
    title: `${file}: ${title}`,
    kind: 'evaluation of a file',
    skipTo: { id: 'metrics', text: 'Skip to the numbers' },
    facts: facts(report),
    main: html`<div class="verdict">${statusMark(status, WORDS[status])}<h1>${title}</h1><p>${text}</p></div>
${headlines(report)}
${metricsSection(report)}
${curvesSection(report)}
${slicesSection(report)}
${methodSection(report)}`,
    footer: html`<p>The same numbers as JSON: <span class="cmd">${again} --json</span></p><p>${generatedBy}</p>`,
  })
}

function facts({ file, rows, positives, columns }: EvaluationReport): readonly (readonly [string, string])[] {
  return [
    ['File', file],
    ['Rows', positives === null ? count(rows) : `${count(rows)}, ${percent(positives / rows)} positive`],
    ['Label', columns.label],
    ['Score', columns.score.join(', ')],
    ...(columns.against.length > 0 ? [['Against', columns.against.join(', ')] as const] : []),
    ...(columns.entity === null ? [] : [['Entity', columns.entity] as const]),
    ...(columns.weight === null ? [] : [['Weight', columns.weight] as const]),
  ]
}

const HEADLINES = {
  binary: ['auc', 'averagePrecision', 'logLoss', 'ece'],
  classes: ['accuracy', 'f1', 'logLoss', 'auc'],
  number: ['rmse', 'mae', 'r2'],
} as const

function headlines({ task, metrics }: EvaluationReport): Html {
  const cells = HEADLINES[task].map((name) => {
    const { value, low, high } = metrics[name] ?? { value: null, low: null, high: null }
    const alone = metrics[name] && { ...metrics[name], low: null, high: null }
    const range = low === null || high === null ? 'no interval' : `${low.toPrecision(3)} to ${high.toPrecision(3)}`
    return html`<dl><dt>${titleOf(name)}</dt><dd>${value === null ? 'none' : shown(alone)}</dd><dd class="sub">95 %: ${range}</dd></dl>`
  })
  return html`<div class="stats">${cells}</div>`
}
