import { createHash } from 'node:crypto'
import { canonicalJson } from '../../domain/canonical-json.ts'
import type { FeatureColumn, FeatureSpec, FeatureType } from '../../domain/feature-spec.ts'
import { VigieError } from '../../errors.ts'

/** Of the vectors' bytes. Part of every layout, so what an older program wrote is written anew and never misread. */
export const FORMAT = 2

/** What one float64 of a view's vectors means. */
export interface Slot {
  /** Of the column: a lag is a slot of its own. */
  readonly name: string
  readonly type: FeatureType
  readonly categories: readonly string[] | null
}

/** How the vectors of one view are packed. Stored beside them, so that a changed definition is noticed. */
export interface Layout {
  readonly format: number
  /** First 48 bits of sha256 over format and slots: a float64 holds it exactly, and each vector carries it. */
  readonly id: number
  readonly slots: readonly Slot[]
}

/** A view's columns in the order of the frame that is written. */
export function layoutOf(spec: FeatureSpec): Layout {
  const slots = spec.map(slotOf)
  const hash = createHash('sha256')
    .update(canonicalJson([FORMAT, slots]))
    .digest()
  return { format: FORMAT, id: hash.readUIntBE(0, 6), slots }
}

/** Position of a column in the vectors. Throws `online_store_outdated` when they do not hold it as it is defined now. */
export function positionIn(layout: Layout, column: FeatureColumn): number {
  if (layout.format !== FORMAT) throw outdated('the online store was written by another version of vigie', column.view)
  const wanted = slotOf(column)
  const position = layout.slots.findIndex((slot) => slot.name === wanted.name)
  const slot = layout.slots[position]
  if (slot && canonicalJson(slot) === canonicalJson(wanted)) return position
  const text = slot
    ? `the online store holds "${column.name}" under another definition`
    : `the online store was written without "${column.name}"`
  throw outdated(text, column.name)
}

export function outdated(text: string, value: string): VigieError {
  return new VigieError('online_store_outdated', text, {
    rule: 'the online store is read and extended under the definition that wrote it',
    value,
  })
}

// Whether null is legal does not change how a value is packed.
function slotOf({ name, type, categories }: FeatureColumn): Slot {
  return { name, type, categories: categories ?? null }
}
