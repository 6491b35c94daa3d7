import type { Curve } from './ranking.ts'

/**
 * Kolmogorov and Smirnov's distance between the scores of the two classes: the largest difference of true and false
 * positive rate over all thresholds. 0 when the classes score alike, 1 when they are apart.
 */
export function ks({ hits, alarms }: Curve): number {
  const positives = hits.at(-1)!
  const negatives = alarms.at(-1)!
  if (positives === 0 || negatives === 0) return Number.NaN
  let largest = 0
  for (let t = 0; t < hits.length; t++) {
    const distance = Math.abs(hits[t]! / positives - alarms[t]! / negatives)
    if (distance > largest) largest = distance
  }
  return largest
}
