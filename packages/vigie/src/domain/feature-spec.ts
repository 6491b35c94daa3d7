import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'

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
  /** 1: the value of the snapshot before the one that the entity's newest value is from. */
  readonly lag?: 1
}

/** The inputs of a model in their order: what is trained on is what is served. */
export type FeatureSpec = readonly FeatureColumn[]

/** sha256 of the spec in canonical JSON. Two models can answer the same request only if these agree. */
export function featureSpecHash(spec: FeatureSpec): string {
  return createHash('sha256').update(canonicalJson(spec)).digest('hex')
}
