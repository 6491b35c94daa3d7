import type { Reason } from './decision.ts'
import type { Claimed, Evidence, Overlap } from './evidence.ts'
import { percent, rounded } from './wording.ts'

/**
 * What was left out of the held-out rows because a model had seen their entities, and what that costs. The standard error
 * shrinks with the root of the rows, which tells what all of them would have shown.
 */
export function selectionReason(
  { selection, championId, challengerId }: Claimed<Evidence>,
  detectable: number | null,
): readonly Reason[] {
  const held = selection?.held
  const used = selection?.used
  if (typeof held !== 'number' || typeof used !== 'number' || used >= held || used === 0) return []
  const seen = [
    ...seenBy('champion', championId, selection?.seenByChampion),
    ...seenBy('challenger', challengerId, selection?.seenByChallenger),
  ]
  const both = selection?.exposure === 'both'
  const why = both ? 'not seen by both' : `seen by ${seen.map(({ who }) => who).join(' and ')}`
  const cost =
    detectable === null
      ? ''
      : `, detectable gain ${rounded(detectable * Math.sqrt(used / held))} -> ${rounded(detectable)}`
  const named = seen.flatMap(({ keys }) => keys).slice(0, 3)
  const shown = both || named.length === 0 ? '' : `, among them ${named.join(', ')}`
  return [
    {
      kind: 'warn',
      code: both ? 'known_entities_only' : 'seen_rows_dropped',
      value: used,
      bound: held,
      text: `n ${held} -> ${used} (${percent((held - used) / held, 0)} dropped: ${why}${shown})${cost}`,
      ...(both ? { fix: 'Read it as a comparison for entities that both models know' } : {}),
    },
  ]
}

function seenBy(
  model: string,
  id: string | null | undefined,
  overlap: Claimed<Overlap> | null | undefined,
): readonly { readonly who: string; readonly keys: readonly string[] }[] {
  if (!overlap || !(Number(overlap.entities) > 0)) return []
  const keys = Array.isArray(overlap.keys) ? overlap.keys.filter((key) => typeof key === 'string') : []
  return [{ who: `${model} ${id}`, keys }]
}
