import { isRecord, isText, sameFields } from '../legal-feature.ts'

/** What a model answers, which follows from the type of the label. */
export type Target =
  /** A label of two values: the answer is the probability of the second, which is class 1. */
  | { readonly kind: 'binary'; readonly classes: readonly [string, string] }
  /** A label of three or more categories: the answer is the probability of each, in this order. */
  | { readonly kind: 'classes'; readonly classes: readonly string[] }
  /** A label that is a number: the answer is the number. */
  | { readonly kind: 'number' }

/** The target of a boolean label. */
export const TRUE_OR_FALSE = { kind: 'binary', classes: ['false', 'true'] } as const satisfies Target

/** Most classes: the index of a class fits a byte. */
export const MAX_CLASSES = 256

/** Numbers that a model gives for one row: scores of n rows are one array of n times as many, row by row. */
export function outputWidth(target: Target): number {
  return target.kind === 'classes' ? target.classes.length : 1
}

/** Names of the classes in the order of their index; none for numbers. */
export function classNames(target: Target): readonly string[] {
  return target.kind === 'number' ? [] : target.classes
}

/** True for a well-formed target, whatever came out of a file. */
export function isLegalTarget(value: unknown): value is Target {
  if (!isRecord(value)) return false
  if (value.kind === 'number') return sameFields(value, ['kind'])
  const { classes } = value
  if (!(sameFields(value, ['classes', 'kind']) && Array.isArray(classes) && classes.every(isText))) return false
  if (new Set(classes).size !== classes.length) return false
  if (value.kind === 'binary') return classes.length === 2
  return value.kind === 'classes' && classes.length > 2 && classes.length <= MAX_CLASSES
}
