import type { AsOf } from '../domain/as-of.ts'
import type { FeatureColumn, FeatureSpec } from '../domain/feature-spec.ts'
import type { LabelColumn } from '../domain/label-column.ts'
import type { Holdout, PromotionPolicy } from '../domain/policy.ts'
import type { Outcome, Reason } from '../domain/promotion/decision.ts'
import type { Evidence } from '../domain/promotion/evidence.ts'
import type { ViewSource } from './offline-store.ts'

/**
 * Everything that the rows of a date depend on, by value: whatever the definition says later, and whatever was delivered
 * since, it gives the same rows again, bit for bit.
 */
export interface RowRecipe {
  readonly asOf: AsOf
  /** Name of the key column. */
  readonly key: string
  /** Recipes of before labels had other types have none: theirs are booleans. */
  readonly label: Partial<LabelColumn> & { readonly from: string; readonly column: string; readonly horizonMs: number }
  readonly features: FeatureSpec
  /** How much each row counts in training; without it all count alike. */
  readonly weight?: FeatureColumn
  readonly views: readonly ViewSource[]
  /** Ids of all snapshot versions and pushes that the catalogue had. */
  readonly snapshots: readonly string[]
  readonly pushes: readonly string[]
  /** The catalogue's clock just before it was read: nothing that became known later is in the rows. */
  readonly knownAt: string
}

/** The rows that a version was trained on: those of the recipe that are complete and not held out. */
export interface TrainingSet extends RowRecipe {
  readonly holdout: Holdout
}

/** One trained model. Never changed after it is made. */
export interface ModelVersion {
  readonly model: string
  /** 1, 2, 3, ... without gaps within a model. */
  readonly version: number
  readonly artefact: string
  readonly artefactBytes: number
  readonly trainedAsOf: AsOf
  /** Snapshot ids that the training rows came from. */
  readonly snapshots: readonly string[]
  /** What gives its training rows again; null for a version that came without, or from before this was kept. */
  readonly trainingSet: TrainingSet | null
  readonly trainingRowsHash: string
  readonly trainingRows: number
  /** Share of the training rows that are of class 1; null when the label is not binary. */
  readonly trainingBaseRate: number | null
  readonly featureSpecHash: string
  readonly definitionHash: string
  /** Artefact hash of the sorted fingerprints of the training rows; null when it came without. */
  readonly fingerprints: string | null
  readonly trainer: Readonly<Record<string, unknown>>
  /** Policy under which it was trained. */
  readonly policyHash: string
  readonly createdAt: string
}

export type Stage = 'None' | 'Staging' | 'Production' | 'Archived'

export interface Champion {
  readonly model: string
  readonly version: number
  readonly artefact: string
  /** Counts the changes of champion; the compare-and-set token. */
  readonly epoch: number
  readonly since: string
}

/** A promotion policy as it stood when it was first used. */
export interface FrozenPolicy {
  readonly hash: string
  readonly policy: unknown
  readonly frozenAt: string
}

/** A decision as it is kept: replaying `decidePromotion(evidence, policy)` must give the same bytes. */
export interface DecisionRecord {
  /** First 16 hex digits of sha256 over evidence, policy and epoch. */
  readonly id: string
  readonly model: string
  readonly asOf: AsOf
  readonly challenger: number
  readonly champion: number | null
  /** Epoch of that champion's reign, 0 when there was none: what a promotion must still find. */
  readonly championEpoch: number
  readonly outcome: Outcome
  readonly evidence: Evidence
  readonly policy: PromotionPolicy
  readonly reasons: readonly Reason[]
  readonly at: string
}

/** A row of the ledger of looks at the holdout. */
export interface LedgerLook {
  readonly number: number
  readonly challenger: number
  readonly rowsHash: string
  readonly metric: string
  readonly at: string
}

export interface AuditRow {
  readonly seq: number
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly subject: Readonly<Record<string, unknown>>
}

/** Models, who is champion, why, and who changed it. Every change and its audit row are one transaction. */
export interface Registry {
  /** Keeps a policy under its hash before anything is trained under it. Idempotent: the first time counts. */
  freezePolicy(hash: string, policy: unknown): Promise<FrozenPolicy>
  policy(hash: string): Promise<FrozenPolicy | null>
  /** Idempotent: `madeBy` (run and step) made before returns the version that is there. */
  createVersion(version: Omit<ModelVersion, 'version' | 'createdAt'>, madeBy: string): Promise<ModelVersion>
  version(model: string, version: number): Promise<ModelVersion | null>
  versions(model: string): Promise<readonly (ModelVersion & { readonly stage: Stage })[]>
  champion(model: string): Promise<Champion | null>
  championAt(model: string, at: string): Promise<Champion | null>
  /**
   * Records a look at the holdout: one ledger row for each new (champion epoch, challenger, rows, metric); the same
   * again returns its number. Returns k, the count of looks since the gate last promoted this champion: rollbacks and
   * moves by hand do not begin a new count; a window that matured a year after the promotion or later does. Epoch 0: no
   * champion yet.
   */
  look(look: {
    readonly model: string
    readonly epoch: number
    readonly challenger: number
    readonly rowsHash: string
    readonly metric: string
    /** When the outcomes of the rows were decided. Without it the look counts in the first year. */
    readonly windowStart?: string
  }): Promise<number>
  /** The looks that count with one of this window against the champion of this epoch, in their order. */
  looks(look: {
    readonly model: string
    readonly epoch: number
    readonly windowStart?: string
  }): Promise<readonly LedgerLook[]>
  /** Idempotent by id. */
  recordDecision(decision: Omit<DecisionRecord, 'at'>): Promise<DecisionRecord>
  decision(id: string): Promise<DecisionRecord | null>
  decisions(model: string): Promise<readonly DecisionRecord[]>
  /**
   * Moves the champion alias and the Production stage, appends the audit row and notifies servers, all in one
   * transaction. Refuses with `champion_changed` when `expectedEpoch` is not the current one (0: no champion yet), and
   * with `candidate_refused` when the decision did not say to promote this version. Promoting again for the same
   * decision returns what it did the first time. `decision: null` is a move by hand; moving to the champion that is
   * there changes nothing.
   */
  promote(change: {
    readonly model: string
    readonly version: number
    readonly expectedEpoch: number
    readonly decision: string | null
    readonly actor: string
  }): Promise<Champion>
  /**
   * The same transaction backwards: the champion before this one returns, and a second rollback goes one further.
   * Throws `nothing_to_roll_back`. Give `expectedEpoch` where the call may be repeated: a repetition is then refused
   * with `champion_changed`.
   */
  rollback(model: string, actor: string, reason: string, expectedEpoch?: number): Promise<Champion>
  /**
   * Keeps the fingerprints of what a version was trained on that somebody supplied for it, and who: the version's own are
   * read no longer. An audit row in the same transaction.
   */
  supplyFingerprints(supplied: {
    readonly model: string
    readonly version: number
    readonly fingerprints: string
    readonly rows: number
    readonly actor: string
  }): Promise<void>
  /** The newest supplied fingerprints of a version, as the hash of an artefact; null when there are none. */
  suppliedFingerprints(model: string, version: number): Promise<string | null>
  audit(model: string): Promise<readonly AuditRow[]>
  /** Calls back soon after each change of champion (and now and then without one). Returns how to stop. */
  watchChampion(model: string, changed: () => void): Promise<() => Promise<void>>
}
