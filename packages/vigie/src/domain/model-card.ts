import type { AsOf } from './as-of.ts'
import type { ComparisonDetails } from './comparison-details.ts'
import type { ModelExplanation } from './explain/model-explanation.ts'
import type { ModelKind } from './model/artefact-header.ts'
import type { Target } from './model/target.ts'
import type { Outcome, Reason } from './promotion/decision.ts'
import type { Evidence } from './promotion/evidence.ts'

/** Where the training rows came from, and what gives them again. */
export interface CardTraining {
  readonly asOf: AsOf
  readonly rows: number
  /** Share of class 1; null when the label is not binary. */
  readonly baseRate: number | null
  /** sha256 over the rows. */
  readonly rowsHash: string
  /** The recipe; null when nobody kept it. */
  readonly recipe: {
    readonly label: string
    readonly key: string
    readonly heldOut: number
    /** The catalogue's clock: nothing that became known later is in the rows. */
    readonly knownAt: string
  } | null
  readonly snapshots: readonly {
    readonly id: string
    readonly asOf: AsOf
    readonly version: number
    readonly knownAt: string
    /** sha256 over the delivered bytes. */
    readonly contentHash: string
  }[]
}

export interface CardFeature {
  readonly name: string
  readonly type: string
  readonly optional: boolean
  readonly categories: readonly string[] | null
  /** Bounds of the definition of now; null where it has none, or no longer has the feature. */
  readonly min: number | null
  readonly max: number | null
  /** How it follows from others. */
  readonly expression: string | null
  readonly source: string | null
  readonly owner: string | null
}

/** A recorded decision about the version. */
export interface CardDecision {
  readonly id: string
  readonly asOf: AsOf
  readonly at: string
  readonly champion: number | null
  readonly outcome: Outcome
  readonly reasons: readonly Reason[]
}

/** What the version was judged on: held-out rows that it had not seen. */
export interface CardEvaluation {
  readonly decision: string
  readonly asOf: AsOf
  readonly champion: number | null
  readonly evidence: Evidence
  /** Null when the scores were not kept: then only the values in the evidence are known. */
  readonly details: ComparisonDetails | null
}

/** Inputs of the date of training against the date before, as the monitor told it. */
export interface CardDrift {
  readonly asOf: AsOf
  readonly reference: AsOf
  readonly share: number | null
  readonly judged: number
  readonly drifted: readonly string[]
  readonly notTestable: readonly string[]
}

/** Everything that a model card says. Every number of it comes from what was recorded. */
export interface CardReport {
  readonly project: string
  readonly model: string
  readonly version: number
  readonly createdAt: string
  readonly stage: string
  /** When it became champion, if it is champion now. */
  readonly championSince: string | null
  readonly target: Target
  readonly threshold: number | null
  readonly artefact: { readonly sha256: string; readonly bytes: number }
  readonly training: CardTraining
  /** What computes the answer. */
  readonly body: ModelKind
  /** As it was fitted: with what a search chose. */
  readonly trainer: Readonly<Record<string, unknown>>
  readonly hashes: { readonly definition: string; readonly features: string; readonly policy: string }
  /** Whether the definition is still the one that the version was trained under. */
  readonly definition: 'same' | 'changed'
  readonly features: readonly CardFeature[]
  readonly policy: { readonly frozenAt: string; readonly policy: unknown } | null
  readonly decisions: readonly CardDecision[]
  /** Null with the reason why there is none. */
  readonly evaluation: CardEvaluation | null
  readonly unevaluated: string | null
  readonly drift: CardDrift | null
  readonly undrifted: string | null
  readonly explanation: ModelExplanation | null
  readonly unexplained: string | null
  /** Who moved it, newest last. */
  readonly audit: readonly {
    readonly at: string
    readonly actor: string
    readonly action: string
    readonly reason: string | null
  }[]
  /** What speaks against it, and what nobody knows. */
  readonly limits: readonly string[]
  /** Program and version. */
  readonly generatedBy: string
}
