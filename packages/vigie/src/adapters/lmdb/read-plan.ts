import type { FeatureSpec } from '../../domain/feature-spec.ts'
import { type Layout, positionIn } from './layout.ts'
import { HEADER_BYTES } from './vector.ts'

/** Where one view's part of a model's input comes from. */
export interface ViewPlan {
  readonly view: string
  readonly layout: number
  /** For each feature of this view: byte offset in the vector, and position in the model's order. */
  readonly offsets: Int32Array
  readonly positions: Int32Array
}

/** How to assemble the input of a model. Null when some view was never written. */
export function planReads(spec: FeatureSpec, layout: (view: string) => Layout | null): readonly ViewPlan[] | null {
  const plans: ViewPlan[] = []
  for (const view of new Set(spec.map((feature) => feature.view))) {
    const stored = layout(view)
    if (!stored) return null
    const positions = spec.flatMap((feature, i) => (feature.view === view ? [i] : []))
    plans.push({
      view,
      layout: stored.id,
      offsets: Int32Array.from(positions, (i) => HEADER_BYTES + 8 * positionIn(stored, spec[i]!)),
      positions: Int32Array.from(positions),
    })
  }
  return plans
}
