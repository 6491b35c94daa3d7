import type { CardReport } from '../../domain/model-card.ts'
import { capital } from '../comparison/metrics-section.ts'
import { explanationSection } from '../explanation/section.ts'
import { type Html, html } from '../html.ts'
import { count, fixed, percent } from '../numbers.ts'
import { page, reportJson } from '../page.ts'
import { metricTitle } from '../performance-reading.ts'
import { statusMark } from '../status.ts'
import { bytesText } from '../validation/wording.ts'
import { decisionSection } from './decision-section.ts'
import { evaluationSection } from './evaluation-section.ts'
import { featuresSection } from './features-section.ts'
import { trainingSection } from './training-section.ts'

/** The card of a version as one page that needs nothing else. */
export function renderHtml(card: CardReport): string {
  const { model, version, project, createdAt, artefact, generatedBy } = card
  return page({
    title: `${model} version ${version}: model card`,
    kind: 'model card',
    skipTo: { id: 'limits', text: 'Skip to what is not known' },
    facts: [
      ['Project', project],
      ['Model', model],
      ['Version', `${version}, ${card.stage}`],
      ['Made', createdAt],
      ['Artefact', `${artefact.sha256}, ${bytesText(artefact.bytes)}`],
    ],
    main: html`${verdict(card)}
${headlines(card)}
${limitsSection(card)}
${evaluationSection(card)}
${card.explanation ? explanationSection(card.explanation) : unexplained(card)}
${trainingSection(card)}
${featuresSection(card)}
${decisionSection(card)}`,
    footer: html`<p>Every number here is told from what was recorded; nothing was typed in. Make it again: <span class="cmd">vigie card ${version}</span>. The training rows, bit for bit: <span class="cmd">vigie dataset ${version}</span></p><p>${generatedBy}</p>`,
  })
}

/** The same for programs. */
export function renderJson(card: CardReport): string {
  return reportJson(card)
}

function verdict({ version, championSince, evaluation, decisions, training, target }: CardReport): Html {
  const promoted = decisions.some(({ outcome }) => outcome === 'promote')
  const [status, word, title] = championSince
    ? (['ok', 'Champion', `Version ${version} answers.`] as const)
    : promoted
      ? (['none', 'Was champion', `Version ${version} was proven better once, and another answers now.`] as const)
      : evaluation
        ? (['watch', 'Not champion', `Version ${version} was compared, and is not champion.`] as const)
        : (['none', 'No reading', `Version ${version} was never judged.`] as const)
  const answers = {
    binary: 'a probability',
    classes: 'a probability for each class',
    number: 'a number',
  }[target.kind]
  return html`<div class="verdict">${statusMark(status, word)}<h1>${title}</h1><p>It answers with ${answers}, and was ${training.recipe ? `trained on ${count(training.rows)} rows of ${training.asOf}` : 'not trained here'}.${championSince ? ` Champion since ${championSince}.` : ''}</p></div>`
}

function headlines({ evaluation, unevaluated, training, drift, undrifted, threshold }: CardReport): Html {
  const measured = evaluation?.details?.metrics.slice(0, 2) ?? []
  const tiles = [
    ...(evaluation
      ? []
      : [{ title: 'How good it is', value: statusMark('none', 'No reading'), sub: unevaluated ?? '' }]),
    ...measured.map(({ metric, challenger }) => ({
      title: `${capital(metricTitle(metric))}, held-out rows of ${evaluation!.asOf}`,
      value: challenger ? fixed(challenger.value) : statusMark('none', 'No reading'),
      sub: challenger
        ? `95 % interval [${fixed(challenger.low)}, ${fixed(challenger.high)}], ${count(evaluation!.details!.rows)} rows`
        : 'these rows give it no value',
    })),
    {
      title: 'Inputs that had moved at training',
      value: drift ? `${drift.drifted.length} of ${drift.judged}` : statusMark('none', 'No reading'),
      sub: drift ? `${drift.asOf} against ${drift.reference}` : (undrifted ?? ''),
    },
    {
      title: 'Training rows',
      value: count(training.rows),
      sub: [
        ...(training.baseRate === null ? [] : [`${percent(training.baseRate)} of class 1`]),
        ...(threshold === null ? [] : [`threshold ${fixed(threshold)}`]),
        `of ${training.asOf}`,
      ].join(', '),
    },
  ]
  return html`<div class="stats">${tiles.map(({ title, value, sub }) => html`<dl><dt>${title}</dt><dd>${value}</dd><dd class="sub">${sub}</dd></dl>`)}</div>`
}

function limitsSection({ limits }: CardReport): Html {
  return html`<section id="limits" aria-labelledby="h-limits"><h2 id="h-limits">What speaks against it, and what nobody knows</h2>
<ol class="todo">${limits.map((text) => html`<li><div>${text}</div></li>`)}</ol></section>`
}

function unexplained({ unexplained: why }: CardReport): Html {
  return html`<section id="features-do" aria-labelledby="h-features-do"><h2 id="h-features-do">What the features do</h2><p class="lead">${statusMark('none', 'No reading')} ${why}</p></section>`
}
