import type { ValueOf } from './feature.ts'
import type { Features, FeatureView } from './feature-view.ts'
import type { Label } from './label.ts'
import type { Project } from './project.ts'

type FeaturesIn<V> = V extends FeatureView<infer F> ? F : never
type Merge<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void
  ? { [K in keyof I]: I[K] }
  : never
type Values<F extends Features> = { readonly [K in keyof F]: ValueOf<F[K]> }

/**
 * What a model of this project is given: `{ monthly_fee: number, net_service: 'DSL' | ..., ... }`. A derived feature is
 * a number or null.
 */
export type FeaturesOf<P> =
  P extends Project<infer V, Label, infer D>
    ? Merge<Values<FeaturesIn<V[keyof V]>> | { readonly [N in D]: number | null }>
    : never

/** What it predicts: `{ churn_label: boolean }`. */
export type LabelOf<P> =
  P extends Project<infer _V, infer L> ? (L extends Label<infer C, infer T> ? { readonly [K in C]: T } : never) : never

/** How its entity is named in requests: `{ user_id: string }`. */
export type KeyOf<P> =
  P extends Project<infer _V, infer L>
    ? L extends Label<infer _C, infer _T, infer K>
      ? { readonly [N in K]: string }
      : never
    : never
