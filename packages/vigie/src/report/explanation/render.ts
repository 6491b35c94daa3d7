import type { ModelExplanation } from '../../domain/explain/model-explanation.ts'
import { html } from '../html.ts'
import { count } from '../numbers.ts'
import { page } from '../page.ts'
import { explanationFinding, explanationSection } from './section.ts'

/** What the features of a version do, as one page. */
export function renderExplanation(explanation: ModelExplanation): string {
  const { model, version, rows, features } = explanation
  return page({
    title: `${model} v${version}: what its features do`,
    kind: 'Explanation',
    skipTo: { id: 'explanation', text: 'Skip to the features' },
    facts: [
      ['Model', model],
      ['Version', `v${version}`],
      ['Rows', `${count(rows.all)} of ${rows.asOf}`],
      ['Features', count(features.length)],
    ],
    main: html`<div class="verdict"><h1>${explanationFinding(explanation)}</h1></div>${explanationSection(explanation)}`,
    footer: html`<p>What a model leans on is not what causes the outcome.</p>`,
  })
}
