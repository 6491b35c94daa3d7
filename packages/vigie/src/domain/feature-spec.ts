import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'
import type { Expression } from './expression/expression.ts'

export type FeatureType = 'int' | 'float' | 'boolean' | 'category'

/** One input of a model, as the definition declares it. */
export interface FeatureColumn {
  /** `view.feature`, unique in the project. */
  readonly name: string
  readonly view: string
  readonly feature: string
  readonly type: FeatureType
  /** True when null is a legal value. A null of any other feature makes a row unfit for prediction. */
  readonly optional: boolean
  /** Only for `category`: the legal values. Their position is their code. */
  readonly categories?: readonly string[]
  /** 1: the value one month end before the snapshot that the entity's newest value is from. Such a column is optional. */
  readonly lag?: 1
  /** Only for columns of the view `derived`: how the value follows from base columns, which are those without this. */
  readonly expression?: Expression
}

/** The view of all features that are computed from others. No file has it, and no store. */
export const DERIVED = 'derived'

/** The column of what an entity had before: `usage.hours@previous` for `usage.hours`. */
export function previousOf(column: FeatureColumn): FeatureColumn {
  return { ...column, name: `${column.name}@previous`, optional: true, lag: 1 }
}

/** The inputs of a model in their order: what is trained on is what is served. */
export type FeatureSpec = readonly FeatureColumn[]

/** sha256 of the spec in canonical JSON. Two models can answer the same request only if these agree. */
export function featureSpecHash(spec: FeatureSpec): string {
  return createHash('sha256').update(canonicalJson(spec)).digest('hex')
}
