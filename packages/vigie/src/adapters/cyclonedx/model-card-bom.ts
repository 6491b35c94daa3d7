import type { CardReport } from '../../domain/model-card.ts'
import { VERSION } from '../../version.ts'
import { considerations } from './considerations.ts'
import { performanceMetrics } from './performance-metrics.ts'
import { properties } from './properties.ts'
import { serialNumber } from './serial-number.ts'

/**
 * A model card as a CycloneDX 1.6 document (ECMA-424): the version as a `machine-learning-model` component with a
 * `modelCard`, and the snapshots of its training rows as data. What the standard has no word for is in properties that
 * begin with `vigie:`. The same card gives the same document; its time is that of
 * the version.
 */
export function cyclonedxCard(card: CardReport): object {
  const { model, version, artefact, createdAt, training } = card
  const ref = `${model}@${version}`
  const data = training.snapshots.map(({ id }) => `snapshot-${id}`)
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialNumber(card),
    version: 1,
    metadata: {
      timestamp: createdAt,
      tools: { components: [{ type: 'application', name: 'vigie', version: VERSION }] },
      component: {
        'bom-ref': ref,
        type: 'machine-learning-model',
        name: model,
        version: String(version),
        hashes: [{ alg: 'SHA-256', content: artefact.sha256 }],
        modelCard: {
          'bom-ref': `${ref}-card`,
          modelParameters: {
            approach: { type: 'supervised' },
            task: card.target.kind === 'number' ? 'regression' : 'classification',
            ...architecture(card),
            datasets: data.map((snapshot) => ({ ref: snapshot })),
            inputs: card.features.map(({ name, type }) => ({ format: `${name}: ${type}` })),
            outputs: outputs(card),
          },
          quantitativeAnalysis: { performanceMetrics: performanceMetrics(card) },
          considerations: considerations(card),
          properties: properties(card),
        },
      },
    },
    components: training.snapshots.map(({ id, asOf, version: snapshotVersion, contentHash }, i) => ({
      'bom-ref': data[i],
      type: 'data',
      name: `${card.project} ${asOf}`,
      version: String(snapshotVersion),
      hashes: [{ alg: 'SHA-256', content: contentHash }],
      data: [{ type: 'dataset', name: `snapshot ${id}` }],
    })),
    dependencies: [{ ref, dependsOn: data }, ...data.map((snapshot) => ({ ref: snapshot }))],
  }
}

function outputs({ target }: CardReport): readonly { readonly format: string }[] {
  switch (target.kind) {
    case 'binary':
      return [{ format: `probability of ${target.classes[1]}, 0 to 1` }]
    case 'classes':
      return target.classes.map((name) => ({ format: `probability of ${name}, 0 to 1` }))
    case 'number':
      return [{ format: 'number' }]
  }
}

/** A trainer within others is the one that made the model. */
function architecture({ trainer, body }: CardReport) {
  const architectureFamily = { forest: 'decision trees', linear: 'linear model', graph: 'ONNX graph' }[body]
  return { architectureFamily, modelArchitecture: innermost(trainer) }
}

function innermost(trainer: Readonly<Record<string, unknown>>): string {
  const found = trainer.found as { readonly trainer?: Record<string, unknown> } | null | undefined
  const within = (found?.trainer ?? trainer.trainer) as Record<string, unknown> | undefined
  return within ? innermost(within) : String(trainer.kind)
}
