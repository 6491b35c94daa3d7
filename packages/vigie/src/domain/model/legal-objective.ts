import { isRecord, sameFields } from '../legal-feature.ts'
import { MAX_STEP, type Objective } from '../trees/packed.ts'
import type { ModelKind } from './artefact-header.ts'
import { outputWidth, type Target } from './target.ts'

/** True for a well-formed objective that answers what the target asks, whatever came out of a file. */
export function isObjectiveOf(value: unknown, model: ModelKind, target: Target): value is Objective | null {
  if (model !== 'forest') return value === null
  if (value === null) return target.kind !== 'classes'
  if (!isRecord(value)) return false
  const { kind, base, bases, classes } = value
  if (target.kind !== 'classes') {
    return (
      sameFields(value, ['base', 'kind']) && kind === (target.kind === 'binary' ? 'logistic' : 'sum') && isStep(base)
    )
  }
  const width = outputWidth(target)
  if (kind === 'classes') return sameFields(value, ['classes', 'kind']) && classes === width
  if (!(kind === 'softmax' && sameFields(value, ['bases', 'kind']))) return false
  return Array.isArray(bases) && bases.length === width && bases.every(isStep)
}

function isStep(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= MAX_STEP
}
