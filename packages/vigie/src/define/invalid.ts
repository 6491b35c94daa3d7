import { VigieError } from '../errors.ts'

/** A mistake in the definition that its types do not see. */
export function invalid(rule: string, text: string, value: string): never {
  throw new VigieError('definition_invalid', text, { rule, value })
}
