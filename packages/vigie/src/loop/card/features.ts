import type { Project } from '../../define/project.ts'
import { expressionText } from '../../domain/expression/text.ts'
import type { FeatureSpec } from '../../domain/feature-spec.ts'
import type { CardFeature } from '../../domain/model-card.ts'
import type { Ports } from '../../ports/ports.ts'
import { featureDocs } from '../feature-docs.ts'

/** The features that a version reads, as its artefact has them, with what the definition of now says of them. */
export async function cardFeatures(ports: Ports, project: Project, spec: FeatureSpec): Promise<readonly CardFeature[]> {
  const docs = new Map((await featureDocs(ports, project)).map((doc) => [doc.name, doc]))
  return spec.map(({ name, type, optional, categories, expression }) => {
    const doc = docs.get(name)
    return {
      name,
      type,
      optional,
      categories: categories ?? null,
      min: doc?.min ?? null,
      max: doc?.max ?? null,
      expression: expression ? expressionText(expression) : null,
      source: doc?.source ?? null,
      owner: doc?.owner ?? null,
    }
  })
}
