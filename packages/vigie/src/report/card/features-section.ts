import type { CardFeature, CardReport } from '../../domain/model-card.ts'
import { type Html, html, name } from '../html.ts'
import { plural, quantity } from '../numbers.ts'

/** Every input, with what the definition says of it. */
export function featuresSection({ features }: CardReport): Html {
  return html`<section id="inputs" aria-labelledby="h-inputs"><h2 id="h-inputs">What it reads</h2>
<details><summary>${plural(features.length, 'feature')}</summary><div class="tw" tabindex="0" role="region" aria-label="Features"><table class="dq"><thead><tr><th scope="col">Feature</th><th scope="col">Type</th><th scope="col">Values</th><th scope="col">Null</th><th scope="col">From</th><th scope="col">Owner</th></tr></thead><tbody>
${features.map(row)}
</tbody></table></div></details></section>`
}

function row(feature: CardFeature): Html {
  const { type, optional, owner, source, expression } = feature
  return html`<tr><th scope="row">${name(feature.name)}</th><td>${type}</td><td>${values(feature)}</td><td>${optional ? 'allowed' : 'refused'}</td><td>${expression ?? source ?? ''}</td><td>${owner ?? html`<span class="dim">none</span>`}</td></tr>`
}

function values({ categories, min, max }: CardFeature): string {
  if (categories) return categories.join(', ')
  if (min === null && max === null) return ''
  return `${min === null ? '' : `from ${quantity(min)} `}${max === null ? '' : `to ${quantity(max)}`}`.trim()
}
