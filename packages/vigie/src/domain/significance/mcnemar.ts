/** How surely the challenger is right more often than the champion, one-sided. */
export interface McNemar {
  /** Mid-p: near its nominal size with few discordant rows (Fagerland, Lydersen and Laake 2013). */
  readonly midP: number
  /** The exact binomial p-value: never above its nominal size, and conservative. */
  readonly exactP: number
}

/**
 * McNemar's test on the rows that exactly one model classified right. Rows must be one per entity.
 *
 *     X ~ Bin(b + c, 1/2),   exact p = P(X >= c),   mid-p = P(X > c) + P(X = c) / 2
 *
 * where b rows are right only with the champion and c only with the challenger. Without such rows both are 1.
 */
export function mcnemar(onlyChampionRight: number, onlyChallengerRight: number): McNemar {
  const n = onlyChampionRight + onlyChallengerRight
  if (n === 0) return { midP: 1, exactP: 1 }

  // Weights relative to the middle term, which is the largest: nothing overflows, and what underflows is below 1e-308.
  const weight = new Float64Array(n + 1)
  const middle = Math.floor(n / 2)
  weight[middle] = 1
  for (let k = middle; k < n; k++) weight[k + 1] = (weight[k]! * (n - k)) / (k + 1)
  for (let k = middle; k > 0; k--) weight[k - 1] = (weight[k]! * k) / (n - k + 1)

  let total = 0
  let above = 0
  for (let k = 0; k <= n; k++) total += weight[k]!
  // From the far end, so that small terms are not lost in large ones.
  for (let k = n; k > onlyChallengerRight; k--) above += weight[k]!
  const at = weight[onlyChallengerRight]!
  return { midP: (above + at / 2) / total, exactP: (above + at) / total }
}
