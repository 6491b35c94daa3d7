import type { SourceContract } from '../contract.ts'
import type { Gates } from '../gates/gates.ts'

/** What a file is to the project. */
export type FileRole =
  | {
      readonly kind: 'view'
      /** Its name in `featureViews`; another when it cannot be one. */
      readonly name: string
      readonly ttl: string | null
      readonly arrives: string
      readonly online: boolean
      readonly owner: string | null
    }
  | { readonly kind: 'source' }
  | { readonly kind: 'label'; readonly column: string; readonly horizon: string; readonly arrives: string }

/** A delivered file as a definition would declare it. */
export interface FileDraft {
  readonly contract: SourceContract
  readonly role: FileRole
  /** What is asked of the whole file; null for the defaults. */
  readonly gates: Gates | null
  /** Sentences about the file. */
  readonly notes: readonly string[]
  /** A few words about a column, by its name. */
  readonly columnNotes: Readonly<Record<string, string>>
}

/** A label of whose times nothing is known. */
export function plainLabel(column: string): FileRole {
  return { kind: 'label', column, horizon: '0d', arrives: '0d' }
}

/**
 * A definition that nobody has written yet: the contracts of its files, and what a person should know who makes it
 * their own. The rest of a definition (model, monitor, promotion) is no matter of data and gets usual values.
 */
export interface DefinitionDraft {
  readonly name: string
  readonly snapshots: SnapshotsDraft
  readonly firstNote: string | null
  readonly entity: { readonly key: string; readonly listedIn: string | null }
  /** Exactly one of them is the label. */
  readonly files: readonly FileDraft[]
  /** Sentences about the whole. */
  readonly notes: readonly string[]
}

/** A view of whose times and use nothing is known. */
export function plainView(name: string): FileRole {
  return { kind: 'view', name, ttl: null, arrives: '0d', online: true, owner: null }
}

/** What a definition says of its deliveries. */
export interface SnapshotsDraft {
  /** A month end, `YYYY-MM-DD`. */
  readonly first: string
  readonly gaps?: 'allow' | undefined
  readonly manifest?: 'required' | undefined
  readonly maxBytes?: number | undefined
}

/** Something that a person should look at before the contract is believed. */
export interface Doubt {
  readonly file: string
  readonly column: string | null
  readonly text: string
}

/** A rule of another tool that our contracts have no words for. None is dropped without being said. */
export interface Unexpressed {
  /** Where it stands: `usage.hours`, or the name of a file. */
  readonly place: string
  /** The rule in the words of the other tool, short. */
  readonly rule: string
  readonly why: string
}

/** A draft made from another tool's document. */
export interface ImportedDraft {
  readonly draft: DefinitionDraft
  readonly unexpressed: readonly Unexpressed[]
}
