import type { BrokenRule } from '../contract.ts'
import { distance } from '../profile/distance.ts'
import { type ColumnHistory, FEWEST_VALUES, type Gated, given, histories } from './gate.ts'
import type { Gates } from './gates.ts'
import { quantity } from './wording.ts'

/** Each column is at least so many times nearer to the history of the other than to its own. */
const NEARER = 3

/** Two columns of one type of which each looks as the other did: every value is legal, and in the wrong place. */
export function columnsSwapped(
  { distance: least, severity }: NonNullable<Gates['columnsSwapped']>,
  gated: Gated,
): readonly BrokenRule[] {
  const moved = histories(gated).flatMap((column) => {
    const own = isLarge(gated, column) ? (distance(column.now, column.before) ?? 0) : 0
    return own >= least ? [{ ...column, own }] : []
  })
  return moved.flatMap((a, i) =>
    moved.slice(i + 1).flatMap((b): readonly BrokenRule[] => {
      if (a.now.type !== b.now.type) return []
      const [aToB, bToA] = [distance(a.now, b.before) ?? 1, distance(b.now, a.before) ?? 1]
      if (aToB * NEARER > a.own || bToA * NEARER > b.own) return []
      return [
        {
          code: 'columns_swapped',
          source: gated.contract.name,
          column: a.now.name,
          rule: `${a.now.name} and ${b.now.name} do not look as the other did before`,
          severity,
          text: `${a.now.name} looks as ${b.now.name} did on ${gated.before!.asOf}, and the other way round`,
          value: `distance ${quantity(a.own)} from itself, ${quantity(aToB)} from ${b.now.name}`,
          rows: null,
          examples: [],
        },
      ]
    }),
  )
}

function isLarge({ profile, before }: Gated, { now, before: earlier }: ColumnHistory): boolean {
  return Math.min(given(profile, now), given(before!.profile, earlier)) >= FEWEST_VALUES
}
