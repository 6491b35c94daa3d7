import { VigieError } from '../../errors.ts'

/** The one error of bytes that are no model. */
export function invalid(problem: string): VigieError {
  return new VigieError('artefact_invalid', `not a model artefact: ${problem}`, { rule: problem })
}

/** Throws `artefact_invalid` unless it holds. */
export function check(holds: boolean, problem: string): asserts holds {
  if (!holds) throw invalid(problem)
}
