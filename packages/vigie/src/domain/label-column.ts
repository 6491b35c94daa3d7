import { type Target, TRUE_OR_FALSE } from './model/target.ts'

/** A column that holds what a model is to answer, and how it is read: as 0 or 1, the index of a category, or a number. */
export interface LabelColumn {
  readonly column: string
  readonly type: 'boolean' | 'category' | 'int' | 'float'
  /** Only for `category`: the legal values. Their position is the index of their class. */
  readonly categories?: readonly string[]
}

/** What a model of this label answers. A category of two values is binary, the second being class 1. */
export function targetOf({ type, categories = [] }: Omit<LabelColumn, 'column'>): Target {
  if (type === 'boolean') return TRUE_OR_FALSE
  if (type !== 'category') return { kind: 'number' }
  const [first, second] = categories
  return categories.length === 2
    ? { kind: 'binary', classes: [first!, second!] }
    : { kind: 'classes', classes: categories }
}
