import { type PooledCounts, total } from './pooled-counts.ts'

/**
 * Energy distance of two samples: `sqrt(2 * integral of (F - G)^2)` of their distribution functions (Szekely 2002;
 * scipy's `energy_distance`). It has the square root of the values' unit, so its size depends on their scale.
 */
export function energyDistance({ values, reference, current }: PooledCounts): number {
  const n = total(reference)
  const m = total(current)
  let ofReference = 0
  let ofCurrent = 0
  let area = 0
  for (let k = 0; k + 1 < values.length; k++) {
    ofReference += reference[k]!
    ofCurrent += current[k]!
    area += (ofReference / n - ofCurrent / m) ** 2 * (values[k + 1]! - values[k]!)
  }
  return Math.sqrt(2 * area)
}
