import type { Feature } from './feature.ts'

/** What the model is about: a user, an account, a machine. */
export interface Entity<K extends string = string> {
  readonly kind: 'entity'
  /** Column that identifies it in every file. */
  readonly key: K
  readonly type: Feature<string>
  /** Source that lists every legal key: rows of other sources with a key that is not there are refused. */
  readonly listedIn: string | null
}

export function entity<const K extends string>(options: {
  readonly key: K
  readonly type: Feature<string>
  readonly listedIn?: string
}): Entity<K> {
  return { kind: 'entity', key: options.key, type: options.type, listedIn: options.listedIn ?? null }
}
