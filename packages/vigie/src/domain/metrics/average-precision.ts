import type { Curve } from './ranking.ts'

/**
 * Average precision: the precision at each threshold, weighted by the recall that it adds, without interpolation. Equal
 * scores are one threshold. A model that ranks at random has the base rate, a perfect one 1.
 */
export function averagePrecision({ hits, alarms }: Curve): number {
  let before = 0
  let sum = 0
  for (let t = 0; t < hits.length; t++) {
    const found = hits[t]!
    if (found > before) sum += ((found - before) * found) / (found + alarms[t]!)
    before = found
  }
  return sum / before
}
