import { durationMs } from '../domain/as-of.ts'
import { isLegalName, LEGAL_NAME } from '../domain/legal-name.ts'
import { VigieError } from '../errors.ts'

/** A mistake in the definition that its types do not see. */
export function invalid(rule: string, text: string, value: string): never {
  throw new VigieError('definition_invalid', text, { rule, value })
}

/** `what` says what has the name. */
export function checkName(what: string, name: string): void {
  if (!isLegalName(name)) invalid(LEGAL_NAME, `the ${what} cannot be called "${name}"`, name)
}

export function checkDuration(place: string, text: string): void {
  try {
    durationMs(text)
  } catch (cause) {
    const { message, details } = cause as VigieError
    throw new VigieError('definition_invalid', `${place}: ${message}`, { ...details, cause })
  }
}
