/**
 * Holm's adjusted p-values (Holm 1979): reject those that are at most alpha, and the chance of any false rejection in
 * the family is at most alpha, whatever the dependence. The i-th smallest of m is multiplied by `m - i + 1`, made
 * ascending, and capped at 1. In the order given: `holmAdjusted([0.2, 0.01])` is `[0.2, 0.02]`.
 */
export function holmAdjusted(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!)
  const adjusted = new Array<number>(p.length)
  let largest = 0
  for (const [rank, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p[i]! * (p.length - rank)))
    adjusted[i] = largest
  }
  return adjusted
}
