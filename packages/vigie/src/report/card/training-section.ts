import type { CardReport } from '../../domain/model-card.ts'
import { type Html, html } from '../html.ts'
import { count, percent } from '../numbers.ts'

/** From which data, by which trainer, under which definition: all by hash. */
export function trainingSection({ training, trainer, hashes, definition, drift, target, threshold }: CardReport): Html {
  const { recipe, snapshots } = training
  const label = target.kind === 'number' ? 'a number' : target.classes.join(', ')
  const facts: readonly (readonly [string, Html | string])[] = [
    ['Rows', `${count(training.rows)} of ${training.asOf}`],
    ['Rows, sha256', hash(training.rowsHash)],
    ['Label', recipe ? `${recipe.label}: ${label}` : label],
    ...(recipe
      ? ([
          ['Held out', `${percent(recipe.heldOut)} of the entities, by a hash of ${recipe.key}`],
          ['Known by', recipe.knownAt],
        ] as const)
      : []),
    ...(threshold === null ? [] : ([['Threshold', String(threshold)]] as const)),
    [
      'Definition, sha256',
      html`${hash(hashes.definition)} ${definition === 'same' ? '' : html`<span class="soft">changed since</span>`}`,
    ],
    ['Features, sha256', hash(hashes.features)],
    ...(drift
      ? ([
          ['Moved since the date before', drift.drifted.length === 0 ? 'none of the inputs' : drift.drifted.join(', ')],
        ] as const)
      : []),
  ]
  return html`<section id="training" aria-labelledby="h-training"><h2 id="h-training">What it was made of</h2>
<dl class="kv told">${facts.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>
<details><summary>Snapshots</summary><div class="tw" tabindex="0" role="region" aria-label="Snapshots"><table class="dq"><thead><tr><th scope="col">Snapshot</th><th scope="col">As of</th><th scope="col" class="num">Version</th><th scope="col">Known since</th><th scope="col">Content, sha256</th></tr></thead><tbody>
${snapshots.map(({ id, asOf, version, knownAt, contentHash }) => html`<tr><th scope="row">${hash(id)}</th><td>${asOf}</td><td class="num">${version}</td><td>${knownAt}</td><td>${hash(contentHash)}</td></tr>`)}
</tbody></table></div></details>
<details><summary>Trainer: ${String(trainer.kind)}</summary><div>${parameters(trainer)}</div></details></section>`
}

/** Parameters as they were, and those within others below them. */
function parameters(of: Readonly<Record<string, unknown>>): Html {
  return html`<dl class="kv told">${Object.entries(of).map(([term, value]) => html`<dt>${term}</dt><dd>${parameter(value)}</dd>`)}</dl>`
}

function parameter(value: unknown): Html {
  if (Array.isArray(value) && value.some((one) => typeof one === 'object' && one !== null)) {
    return html`<ol class="todo">${value.map((one) => html`<li><div>${parameter(one)}</div></li>`)}</ol>`
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return parameters(value as Record<string, unknown>)
  return html`<span class="mono">${JSON.stringify(value)}</span>`
}

const hash = (text: string): Html => html`<span class="mono name">${text}</span>`
