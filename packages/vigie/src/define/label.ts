import { type LabelColumn, targetOf } from '../domain/label-column.ts'
import type { Target } from '../domain/model/target.ts'
import type { Entity } from './entity.ts'
import type { Feature } from './feature.ts'
import type { FileOptions } from './files.ts'

/**
 * The truth that the model predicts. Like every fact it carries two times. Another label is another model: give it
 * another name as well, or an old champion is judged by what it never learned.
 */
export interface Label<C extends string = string, T = unknown, K extends string = string> extends FileOptions {
  readonly kind: 'label'
  readonly entity: Entity<K>
  readonly from: string
  readonly column: C
  readonly type: Feature<T>
  /** Time between the as_of and the moment at which the outcome is decided. */
  readonly horizon: string
  /** How long after that the label usually arrives. */
  readonly arrives: string
}

export function label<const C extends string, T, const K extends string>(
  options: {
    readonly entity: Entity<K>
    readonly from: string
    readonly column: C
    readonly type: Feature<T>
    readonly horizon?: string
    readonly arrives?: string
  } & FileOptions,
): Label<C, T, K> {
  const { horizon = '0d', arrives = '0d', ...rest } = options
  return { kind: 'label', horizon, arrives, ...rest }
}

/** How the column of a checked label is read. */
export function labelColumn({ column, type: { type, categories } }: Label): LabelColumn {
  return { column, type: type as LabelColumn['type'], ...(categories ? { categories } : {}) }
}

/** What a model of a checked label answers. */
export function labelTarget(label: Label): Target {
  return targetOf(labelColumn(label))
}
