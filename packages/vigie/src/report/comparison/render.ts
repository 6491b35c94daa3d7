import { type Html, html } from '../html.ts'
import { count } from '../numbers.ts'
import { page, reportJson } from '../page.ts'
import { statusMark } from '../status.ts'
import { binarySection } from './binary-section.ts'
import { classesSection } from './classes-section.ts'
import { headlines } from './headlines.ts'
import { methodSection } from './method-section.ts'
import { metricsSection } from './metrics-section.ts'
import type { ComparedModel, ComparisonReport } from './model.ts'
import { numberSection } from './number-section.ts'
import { rulesSection } from './rules-section.ts'
import { slicesSection } from './slices-section.ts'
import { verdict } from './verdict.ts'

/** The comparison of two versions as one page that needs nothing else. */
export function renderHtml(report: ComparisonReport): string {
  const { status, word, title, text } = verdict(report)
  const { model, challenger, champion, asOf, generatedBy } = report
  const against = champion ? ` against ${champion.version}` : ''
  const replay = `vigie compare ${challenger.version}${champion && !report.againstChampion ? ` ${champion.version}` : ''} --as-of ${asOf}`
  return page({
    title: `${model}: version ${challenger.version}${against}, ${asOf}`,
    kind: 'comparison of two versions',
    skipTo: { id: 'rules', text: 'Skip to what was asked' },
    facts: facts(report),
    main: html`<div class="verdict">${statusMark(status, word)}<h1>${title}</h1><p>${text}</p></div>
${headlines(report)}
${rulesSection(report)}
${metricsSection(report)}
${pictures(report)}
${slicesSection(report)}
${methodSection(report)}`,
    footer: html`<p>The same numbers as JSON are kept beside this page. Make it again: <span class="cmd">${replay}</span></p><p>${generatedBy}</p>`,
  })
}

/** The same numbers for programs. */
export function renderJson(report: ComparisonReport): string {
  return reportJson(report)
}

function pictures(report: ComparisonReport): Html {
  const drawn = report.details?.pictures
  switch (drawn?.kind) {
    case undefined:
      return html``
    case 'binary':
      return binarySection(report, drawn)
    case 'classes':
      return classesSection(report, drawn)
    case 'number':
      return numberSection(report, drawn)
  }
}

function facts(report: ComparisonReport): readonly (readonly [string, string])[] {
  const { project, model, asOf, challenger, champion, againstChampion } = report
  const who = againstChampion ? 'Champion' : 'Against'
  return [
    ['Project', project],
    ['Model', model],
    ['Held-out rows of', asOf],
    [againstChampion ? 'Challenger' : 'Version', described(challenger)],
    [who, champion ? described(champion) : 'none yet'],
  ]
}

function described({ version, trainer, trainedAsOf, trainingRows }: ComparedModel): string {
  return `version ${version}, ${trainer}, trained on ${count(trainingRows)} rows of ${trainedAsOf}`
}
