import { onlineInputs } from '../../define/model-input.ts'
import type { Project } from '../../define/project.ts'
import { derivation } from '../../domain/derivation.ts'
import { featureReading } from '../../domain/feature-reading.ts'
import type { FeatureSpec } from '../../domain/feature-spec.ts'
import { VigieError } from '../../errors.ts'
import type { Ports } from '../../ports/ports.ts'
import type { ModelVersion } from '../../ports/registry.ts'
import { lackingText, readsAsDefined, trainedOn } from '../holdout-scores.ts'
import { materialize } from '../materialize.ts'
import type { Comparison, Difference } from './compare.ts'
import { liveParity } from './live-parity.ts'

const ROWS = 1000

/**
 * Proves on a thousand entities, or all, that what a version would be given online is what it would be given of the
 * history, bit for bit. What is not online yet is put there first.
 *
 * @throws `parity_mismatch`, `feature_spec_mismatch` when the definition lacks what the version reads
 */
export async function proveParity(ports: Ports, project: Project, model: ModelVersion): Promise<Comparison> {
  const inputs = await inputsOf(ports, project, model)
  await materialize(ports, project, { views: [...new Set(inputs.map(({ view }) => view))] })
  const comparison = await liveParity(ports, project, inputs, { rows: ROWS, settleMs: 0 })
  const [first] = comparison.differences
  if (first) {
    throw new VigieError(
      'parity_mismatch',
      `${comparison.rows - comparison.equal} of ${comparison.rows} entities differ: ${differenceText(project, first)}`,
      { rule: 'models are served the values that they are trained on', value: `${first.view}.${first.feature}` },
    )
  }
  return comparison
}

/** `usage.hours of user_id=u17 is 5 online and null (NULL_VALUE) offline: value differs`. */
export function differenceText(project: Project, { key, view, feature, online, offline, why }: Difference): string {
  const text = ({ value, status }: Difference['online']) => (status === 'PRESENT' ? String(value) : `null (${status})`)
  return `${view}.${feature} of ${project.entity.key}=${key} is ${text(online)} online and ${text(offline)} offline: ${why}`
}

async function inputsOf(ports: Ports, project: Project, model: ModelVersion): Promise<FeatureSpec> {
  if (readsAsDefined(project, model)) return derivation(project.model.features).inputs
  const reading = featureReading(await trainedOn(ports, model), onlineInputs(project))
  if ('lacking' in reading) {
    throw new VigieError('feature_spec_mismatch', lackingText(model, reading.lacking), {
      rule: 'a model is served only what the definition has',
      value: reading.lacking.join(', ').slice(0, 200),
    })
  }
  return reading.inputs
}
