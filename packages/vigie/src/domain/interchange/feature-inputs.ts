import { VigieError } from '../../errors.ts'
import type { FeatureColumn, FeatureSpec } from '../feature-spec.ts'
import type { ForeignInput } from './foreign-model.ts'

/** What an input of a file is among the features of the project. */
export type FeatureInput =
  /** The number or boolean itself. `codes`: the file's codes of false and true, where it has booleans as categories. */
  | { readonly kind: 'value'; readonly feature: number; readonly codes?: readonly (number | null)[] }
  /** A category: `codes[c]` is the file's code of our category `c`, null where the file does not know it. */
  | { readonly kind: 'codes'; readonly feature: number; readonly codes: readonly (number | null)[] }
  /** 1 for one category and 0 for all others and null: a column of a one-hot encoding. */
  | { readonly kind: 'is'; readonly feature: number; readonly code: number }

/**
 * Finds the feature of each input of a file. `names` are the inputs in their order, those of the file or given by hand:
 * the full name of a feature, its short name where only one has it, or `feature=category` for a column of a one-hot
 * encoding. Categories are told by their texts where the file has them, else their codes are those of the definition.
 *
 * @throws `model_inputs_unknown`
 */
export function featureInputs(
  inputs: readonly ForeignInput[],
  features: FeatureSpec,
  names?: readonly string[],
): readonly FeatureInput[] {
  if (names && names.length !== inputs.length) {
    throw unknown(`the model has ${inputs.length} inputs`, `${names.length} names are given`)
  }
  return inputs.map((input, i) => featureInput(input, features, names?.[i] ?? input.name))
}

function featureInput(input: ForeignInput, features: FeatureSpec, name: string): FeatureInput {
  const found = find(features, name)
  if (found !== null) {
    const column = features[found]!
    if (column.type === 'boolean' && input.categories !== null) {
      return { kind: 'value', feature: found, codes: codesOf({ ...column, categories: ['false', 'true'] }, input) }
    }
    if (column.type !== 'category') return { kind: 'value', feature: found }
    return { kind: 'codes', feature: found, codes: codesOf(column, input) }
  }
  for (let at = name.indexOf('='); at > 0; at = name.indexOf('=', at + 1)) {
    const feature = find(features, name.slice(0, at))
    const code = feature === null ? -1 : (features[feature]!.categories ?? []).indexOf(name.slice(at + 1))
    if (feature !== null && code >= 0) return { kind: 'is', feature, code }
  }
  throw unknown(
    'each input of the model is a feature of the definition',
    `${name}; features are ${features.map((column) => column.name).join(', ')}`.slice(0, 200),
  )
}

/** Tools replace what they cannot write in a name, LightGBM blanks by `_`. */
function find(features: FeatureSpec, name: string): number | null {
  const full = features.findIndex((column) => column.name === name)
  if (full >= 0) return full
  const short = features.flatMap((column, i) => (column.feature === name ? [i] : []))
  return short.length === 1 ? short[0]! : null
}

function codesOf({ name, categories = [] }: FeatureColumn, { categories: texts }: ForeignInput): (number | null)[] {
  if (texts === null) return categories.map((_, code) => code)
  const unknownText = texts.find((text) => !categories.includes(text))
  if (unknownText !== undefined) {
    throw unknown(`the categories of ${name} are those of the definition`, `the file has also ${unknownText}`)
  }
  return categories.map((text) => {
    const code = texts.indexOf(text)
    return code < 0 ? null : code
  })
}

function unknown(rule: string, value: string): VigieError {
  return new VigieError('model_inputs_unknown', `${rule}: ${value}`, { rule, value })
}
