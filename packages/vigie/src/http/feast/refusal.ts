import { type ErrorCode, VigieError } from '../../errors.ts'
import { statusOf } from '../errors.ts'
import type { Refused } from '../route.ts'

/** The classes of `feast.errors` that Feast's own server answers with. Its client raises them again. */
const CLASSES: Partial<Readonly<Record<ErrorCode, string>>> = {
  feature_view_unknown: 'FeatureViewNotFoundException',
  feature_service_unknown: 'FeatureServiceNotFoundException',
  feature_unknown: 'FeastObjectNotFoundException',
  feature_names_collide: 'FeatureNameCollisionError',
  push_source_unknown: 'PushSourceNotFoundException',
}

/**
 * Errors that Feast has a class for, in its form: a JSON text in which there is JSON with module, class and message. Our
 * code and hint are added to it; Feast's client leaves alone what it does not know. Other errors are told as everywhere.
 */
export function feastRefusal(error: VigieError): Refused | null {
  const name = CLASSES[error.code]
  if (name === undefined) return null
  const { code, message, hint } = error
  const detail = JSON.stringify({ module: 'feast.errors', class: name, message, code, hint })
  return { status: statusOf(code), type: 'application/json; charset=utf-8', text: JSON.stringify(detail) }
}

/** The words are Feast's. */
export function viewUnknown(name: string, project: string): VigieError {
  const shown = name.slice(0, 80)
  return new VigieError('feature_view_unknown', `Feature view ${shown} does not exist in project ${project}`, {
    rule: 'a feature view is one that the definition has and keeps online',
    value: shown,
  })
}
