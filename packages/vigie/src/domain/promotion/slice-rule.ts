import type { PromotionPolicy } from '../policy.ts'
import { holmAdjusted } from '../significance/holm.ts'
import type { Reason } from './decision.ts'
import type { Claimed, Evidence, SliceEvidence, UnjudgedSlice } from './evidence.ts'
import { notJudged, provenSlices } from './slice-power.ts'
import { missing, unreadable } from './unreadable.ts'
import { rounded } from './wording.ts'

/**
 * Blocks on shown harm in a part of the rows: the Brier score rises by more than `sliceMinHarm`, and Holm's test over
 * all slices rejects at `sliceAlpha`. Slices in which nothing can be shown do not block.
 */
export function sliceRule(
  { slices, sample, unjudgedSlices }: Claimed<Evidence>,
  policy: PromotionPolicy,
): readonly Reason[] {
  if (!Array.isArray(slices)) return [missing('slices')]
  for (const [i, slice] of slices.entries()) {
    if (typeof slice?.name !== 'string') return [missing('slices', `slices.${i}.name`)]
    const bad = unreadable('slices', {
      [`${i}.p`]: [slice.p, 0],
      [`${i}.harm`]: [slice.harm, Number.NEGATIVE_INFINITY],
      ...(slice.se === undefined ? {} : { [`${i}.se`]: [slice.se, 0] as const }),
    })
    if (bad) return [bad]
  }
  const unjudged = unjudgedSlices ?? []
  if (!isUnjudged(unjudged)) return [missing('unjudgedSlices')]
  const tested = slices as readonly SliceEvidence[]
  const adjusted = holmAdjusted(tested.map(({ p }) => p))
  const harmed = tested.flatMap(({ name, harm }, i): readonly Reason[] =>
    adjusted[i]! <= policy.sliceAlpha && harm > policy.sliceMinHarm
      ? [
          {
            kind: 'keep',
            code: 'slice_harm',
            value: harm,
            bound: policy.sliceMinHarm,
            text: `In slice "${name}" the ${sample?.kind === 'number' ? 'squared error' : 'Brier score'} rises by ${rounded(harm)}, adjusted p ${adjusted[i]!.toPrecision(1)}`,
            fix: 'Mend the model in this slice, or exclude the slice from its use',
            slice: name,
          },
        ]
      : [],
  )
  const beside = [...provenSlices(tested, unjudged, policy), ...notJudged(tested, unjudged, policy)]
  if (harmed.length > 0) return [...harmed, ...beside]
  const text = tested.length === 0 ? 'No slices to judge' : `None of ${tested.length} slices is shown to be harmed`
  return [{ kind: 'pass', code: 'slices_unharmed', value: 0, bound: policy.sliceMinHarm, text }, ...beside]
}

function isUnjudged(value: unknown): value is readonly UnjudgedSlice[] {
  return (
    Array.isArray(value) &&
    value.every(
      (slice: Claimed<UnjudgedSlice> | null) => typeof slice?.name === 'string' && typeof slice.of === 'string',
    )
  )
}
