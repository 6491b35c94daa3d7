import { columnsOf } from '../expression/expression.ts'
import type { FeatureSpec } from '../feature-spec.ts'

/**
 * Features that say the same in part: those that are computed from a common base feature, or are it, also as it was a
 * snapshot before. Positions in the spec, each group with two members at least. When one of them is shuffled the others
 * still tell what it said, so only the group as a whole shows what a model loses.
 */
export function featureGroups(spec: FeatureSpec): readonly (readonly number[])[] {
  const groupOf = new Map<string, Set<number>>()
  for (const [f, column] of spec.entries()) {
    const members = new Set([f])
    for (const { view, feature } of column.expression ? columnsOf(column.expression) : [column]) {
      for (const other of groupOf.get(`${view}.${feature}`) ?? []) members.add(other)
      groupOf.set(`${view}.${feature}`, members)
    }
    // Whoever shared a base with one of them shares it with all.
    for (const [base, group] of groupOf) {
      if (group !== members && [...group].some((member) => members.has(member))) {
        for (const member of group) members.add(member)
        groupOf.set(base, members)
      }
    }
  }
  return [...new Set(groupOf.values())].filter(({ size }) => size > 1).map((group) => [...group].sort((a, b) => a - b))
}
