import { type Html, html } from '../html.ts'
import type { ComparisonReport } from './model.ts'

/** How the numbers were made, for whoever wants to check them. */
export function methodSection({ details, policy, evidence, againstChampion }: ComparisonReport): Html {
  const methods = [...new Set(details?.metrics.flatMap(({ challenger, gain }) => [challenger?.method, gain?.method]))]
  return html`<section id="method" aria-labelledby="h-method"><h2 id="h-method">Method</h2>
${entry('Rows', html`<p>Rows of entities that a hash holds out, for every version. Stored fingerprints of the training rows prove that neither version was trained on one of them. Their sha256: <span class="mono name">${evidence.rowsHash}</span>.</p>`)}
${entry('Looks', html`<p>Whoever looks often at the same rows finds a gain by chance. Each comparison is a look: half of the error of ${(1 - policy.confidence).toFixed(2)} is spent on the first, the rest on the other ${policy.looks - 1}. ${againstChampion ? '' : 'This one counts too, although it decides nothing.'}</p>`)}
${entry('Intervals', html`<p>Two-sided, 95 %.</p>${methods.flatMap((method) => (method ? [html`<p>${method}.</p>`] : []))}`)}
${entry('The policy', html`<p>Fixed before training, sha256 <span class="mono name">${evidence.policyHash}</span>: ${JSON.stringify(policy)}</p>`)}</section>`
}

function entry(title: string, body: Html): Html {
  return html`<details><summary>${title}</summary><div>${body}</div></details>`
}
