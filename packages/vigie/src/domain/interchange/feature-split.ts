import type { FeatureColumn, FeatureSpec } from '../feature-spec.ts'
import type { FeatureInput } from './feature-inputs.ts'
import type { ForeignSplit, Test } from './foreign-model.ts'
import { refused } from './refused.ts'

/** A split on a feature of the project: by a threshold, or by the categories that go left. */
export interface FeatureSplit {
  readonly feature: number
  readonly by: { readonly threshold: number } | { readonly mask: bigint }
  readonly nullLeft: boolean
  /** The sides of the file's split are exchanged. */
  readonly swapped: boolean
}

/** What a split of the file asks of the project's own feature. Throws `model_file_unsupported`. */
export function featureSplit(split: ForeignSplit, input: FeatureInput, features: FeatureSpec): FeatureSplit {
  const { feature } = input
  const column = features[feature]!
  const { test, missingLeft } = split
  if (input.kind === 'codes') {
    const goes = (code: number | null): boolean => (code === null ? missingLeft : holds(test, code))
    return {
      feature,
      by: { mask: maskOf(column, (_, i) => goes(input.codes[i]!)) },
      nullLeft: missingLeft,
      swapped: false,
    }
  }
  if (input.kind === 'is') {
    const one = holds(test, 1)
    const zero = holds(test, 0)
    const by = { mask: maskOf(column, (_, code) => (code === input.code ? one : zero)) }
    return { feature, by, nullLeft: zero, swapped: false }
  }
  if ('atMost' in test) return { feature, by: { threshold: test.atMost }, nullLeft: missingLeft, swapped: false }
  if (column.type !== 'boolean') {
    throw refused(
      'model_file_unsupported',
      'only categories and booleans are split by sets',
      `${column.name} is ${column.type}`,
    )
  }
  const [no = 0, yes = 1] = input.codes ?? [0, 1]
  const goes = (code: number | null): boolean => (code === null ? missingLeft : holds(test, code))
  return booleanSplit(feature, goes(no), goes(yes), missingLeft)
}

/** Whether a value that is not missing goes left. */
export function holds(test: Test, value: number): boolean {
  return 'atMost' in test ? value <= test.atMost : test.oneOf.has(value)
}

function maskOf({ categories = [] }: FeatureColumn, isLeft: (text: string, code: number) => boolean): bigint {
  return categories.reduce((mask, text, code) => (isLeft(text, code) ? mask | (1n << BigInt(code)) : mask), 0n)
}

function booleanSplit(feature: number, no: boolean, yes: boolean, missingLeft: boolean): FeatureSplit {
  if (no === yes) return { feature, by: { threshold: no ? 2 : -1 }, nullLeft: missingLeft, swapped: false }
  return { feature, by: { threshold: 0.5 }, nullLeft: no ? missingLeft : !missingLeft, swapped: !no }
}
