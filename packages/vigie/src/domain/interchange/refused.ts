import { type ErrorCode, VigieError } from '../../errors.ts'

type ModelFileCode = Extract<ErrorCode, `model_file_${string}`>

/** A model of another tool that is not taken: `rule` is what a file must be, `value` what this one is. */
export function refused(code: ModelFileCode, rule: string, value: string | number): VigieError {
  const said = String(value).slice(0, 200)
  return new VigieError(code, `${rule}; this file: ${said}`, { rule, value: said })
}

/** Throws `model_file_invalid` unless it holds. */
export function mustHold(holds: boolean, rule: string, value: string | number = 'it is not so'): asserts holds {
  if (!holds) throw refused('model_file_invalid', rule, value)
}
