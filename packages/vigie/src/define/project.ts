import { createHash } from 'node:crypto'
import type { AsOf } from '../domain/as-of.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { SourceContract } from '../domain/contract.ts'
import type { FeatureColumn, FeatureSpec } from '../domain/feature-spec.ts'
import type { Gates } from '../domain/gates/gates.ts'
import type { DriftRules, Holdout, MetricName, PromotionPolicy, RetrainRule } from '../domain/policy.ts'
import type { BestF1 } from '../domain/threshold.ts'
import type { Trainer } from '../domain/trainer.ts'
import type { Derived, Readable } from './derived.ts'
import type { Entity } from './entity.ts'
import type { FeatureView, Source } from './feature-view.ts'
import type { CsvTokens } from './files.ts'
import type { Label } from './label.ts'
import { resolveProject } from './resolve.ts'
import type { DerivedColumn } from './resolve-derived.ts'
import type { PromotionRules } from './rules.ts'

export type FeatureViews = Readonly<Record<string, FeatureView>>

/** `view.*`, `view.feature`, `derived.*` or `derived.feature`: only names that exist compile. */
export type FeatureSelector<V extends FeatureViews, D extends string> =
  | { [N in keyof V & string]: `${N}.*` | `${N}.${keyof V[N]['features'] & string}` }[keyof V & string]
  | ([D] extends [never] ? never : 'derived.*' | `derived.${D}`)

/** `view.feature` or `derived.feature`: one that exists. */
export type OneFeature<V extends FeatureViews, D extends string> = Exclude<FeatureSelector<V, D>, `${string}.*`>

/** The whole of what the user writes. */
export interface ProjectDefinition<
  V extends FeatureViews,
  L extends Label,
  M extends MetricName,
  D extends string = string,
> {
  readonly name: string
  readonly snapshots: {
    readonly every: 'month'
    readonly first: string
    /** Whether a model may be trained while a date before has no snapshot. Default `refuse`. */
    readonly gaps?: 'refuse' | 'allow'
    /** `required`: a delivery without `manifest.json`, or with a file that it does not list, is refused. */
    readonly manifest?: 'required'
    /** Most bytes of the text of one file. Default 100 GB. */
    readonly maxBytes?: number
  }
  readonly featureViews: V
  /** Features that are computed from others, by name: `{ fee_share: ratio('money.fee', 'money.total') }`. */
  readonly derived?: Readonly<Record<D, Derived<Readable<V>>>>
  /** Files that belong to no view. */
  readonly sources?: readonly Source[]
  readonly label: L
  readonly csv?: CsvTokens
  readonly model: {
    readonly name: string
    readonly features: readonly FeatureSelector<V, NoInfer<D>>[]
    readonly trainer: Trainer
    readonly holdout: Holdout
    readonly metrics: readonly M[]
    /** Labels of two classes: class 1 when the probability is above it. Default 0.5; `bestF1()` chooses it in training. */
    readonly threshold?: number | BestF1
    /** A feature that says how much each row counts in training, above 0: with 2 as much as two rows. Default: all 1. */
    readonly sampleWeight?: OneFeature<V, NoInfer<D>>
  }
  readonly monitor: {
    readonly against: 'previous-snapshot'
    readonly drift: DriftRules
    readonly retrainWhen: RetrainRule
  }
  readonly promotion: PromotionRules<NoInfer<M>>
}

/** A definition that was checked and resolved: what every other part of the program reads. */
export interface Project<V extends FeatureViews = FeatureViews, L extends Label = Label, D extends string = string> {
  readonly name: string
  readonly snapshots: {
    readonly every: 'month'
    readonly first: AsOf
    readonly gaps: 'refuse' | 'allow'
    readonly manifest?: 'required'
    readonly maxBytes?: number
  }
  readonly entity: Entity
  readonly featureViews: V
  /** All derived features, used by the model or not. */
  readonly derived: readonly DerivedColumn<D>[]
  readonly label: L
  /** One contract a file, by file name. */
  readonly sources: Readonly<Record<string, SourceContract>>
  /** What is asked of each file as a whole, by file name. */
  readonly gates: Readonly<Record<string, Gates>>
  readonly model: {
    readonly name: string
    readonly features: FeatureSpec
    readonly trainer: Trainer
    readonly holdout: Holdout
    readonly metrics: readonly MetricName[]
    /** Null when the label does not have two classes. A version keeps the one that it was trained with. */
    readonly threshold: number | BestF1 | null
    readonly sampleWeight?: FeatureColumn
  }
  readonly monitor: {
    readonly against: 'previous-snapshot'
    readonly drift: DriftRules
    readonly retrainWhen: RetrainRule
  }
  readonly promotion: PromotionPolicy
  /** sha256 of everything above: changes exactly when the definition does. */
  readonly hash: string
}

/**
 * Checks a definition and resolves it. Mistakes that types cannot see are `definition_invalid` errors that name the
 * place: a feature name used twice, a file read by two declarations, a date that is no month end.
 */
export function defineProject<
  const V extends FeatureViews,
  const L extends Label,
  const M extends MetricName,
  const D extends string = never,
>(definition: ProjectDefinition<V, L, M, D>): Project<V, L, D> {
  const resolved = resolveProject(definition as unknown as ProjectDefinition<FeatureViews, Label, MetricName>)
  const hash = createHash('sha256').update(canonicalJson(resolved)).digest('hex')
  return { ...resolved, hash } as Project as Project<V, L, D>
}
