import type { Entity } from './entity.ts'
import type { Feature } from './feature.ts'
import type { FileOptions } from './files.ts'

export type Features = Readonly<Record<string, Feature>>

/** Features of one entity that arrive together in one file a snapshot. */
export interface FeatureView<F extends Features = Features> extends FileOptions {
  readonly kind: 'featureView'
  readonly entity: Entity
  readonly from: string
  readonly features: F
  /**
   * Event-dated views: the column with each row's time. An entity then has any number of rows, each true from its time
   * until the next. Without it the file has one row an entity, true at the as_of of the snapshot.
   */
  readonly eventTime: string | null
  /** Event-dated views: the column that decides between two rows of one entity and time; the latest counts. */
  readonly createdTime: string | null
  /** How old a value may be and still be used; null means for ever. */
  readonly ttl: string | null
  /** How long after its as_of a value usually becomes known. */
  readonly arrives: string
  /** Whether the online store keeps it. A model's features must be online. */
  readonly online: boolean
  readonly owner: string | null
}

export function featureView<const F extends Features, const T extends string = never>(
  options: {
    readonly entity: Entity
    readonly from: string
    readonly features: F
    readonly eventTime?: T
    readonly createdTime?: T
    readonly ttl?: string
    readonly arrives?: string
    readonly online?: boolean
    readonly owner?: string
  } & FileOptions<(keyof NoInfer<F> & string) | NoInfer<T>>,
): FeatureView<F> {
  const {
    ttl = null,
    arrives = '0d',
    online = true,
    owner = null,
    eventTime = null,
    createdTime = null,
    ...rest
  } = options
  return { kind: 'featureView', ttl, arrives, online, owner, eventTime, createdTime, ...rest }
}

/** A file that belongs to no view: checked and kept with the snapshot. */
export interface Source extends FileOptions {
  readonly kind: 'source'
  readonly entity: Entity
  readonly from: string
  readonly columns: Features
}

export function source<const F extends Features>(
  from: string,
  options: { readonly entity: Entity; readonly columns: F } & FileOptions<keyof NoInfer<F> & string>,
): Source {
  return { kind: 'source', from, ...options }
}
