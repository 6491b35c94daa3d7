import { createHash } from 'node:crypto'
import { canonicalJson } from '../../domain/canonical-json.ts'
import type { FeatureColumn, FeatureSpec, FeatureType } from '../../domain/feature-spec.ts'
import { VigieError } from '../../errors.ts'

/** What one float64 of a view's vectors means. */
export interface Slot {
  readonly feature: string
  readonly type: FeatureType
  readonly categories: readonly string[] | null
}

/** How the vectors of one view are packed. Stored beside them, so that a changed definition is noticed. */
export interface Layout {
  /** First 48 bits of sha256 over the slots: a float64 holds it exactly, and each vector carries it. */
  readonly id: number
  readonly slots: readonly Slot[]
}

/** A view's features in the order of the frame that is written. */
export function layoutOf(spec: FeatureSpec): Layout {
  const slots = spec.map(slotOf)
  const hash = createHash('sha256').update(canonicalJson(slots)).digest()
  return { id: hash.readUIntBE(0, 6), slots }
}

/** Position of a feature in the vectors. Throws `online_store_outdated` when they do not hold it as it is defined now. */
export function positionIn(layout: Layout, feature: FeatureColumn): number {
  const wanted = slotOf(feature)
  const position = layout.slots.findIndex((slot) => slot.feature === wanted.feature)
  const slot = layout.slots[position]
  if (slot && canonicalJson(slot) === canonicalJson(wanted)) return position
  throw new VigieError(
    'online_store_outdated',
    slot
      ? `the online store holds "${feature.name}" under another definition`
      : `the online store was written without "${feature.name}"`,
    { rule: 'the online store is read under the definition that wrote it', value: feature.name },
  )
}

// Whether null is legal does not change how a value is packed.
function slotOf({ feature, type, categories }: FeatureColumn): Slot {
  return { feature, type, categories: categories ?? null }
}
