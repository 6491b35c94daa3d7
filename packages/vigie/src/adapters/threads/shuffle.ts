import type { Tasks } from '../../ports/compute.ts'
import type { Pool } from './pool.ts'
import { shareArrays } from './share.ts'
import type { tasks } from './tasks.ts'

/** Every thread shuffles its share of the features; what they find does not depend on who does which. */
export async function shuffle(
  pool: Pool<typeof tasks>,
  { parts, units, ...how }: Tasks['shuffle']['input'],
  onProgress?: (share: number) => void,
): Promise<Tasks['shuffle']['output']> {
  // Without the keys, which nobody needs here.
  const shared = shareArrays(parts.map((part) => ({ ...part, rows: { ...part.rows, keys: [] } })))
  const count = Math.max(1, Math.min(pool.size, units.length))
  const done = new Float64Array(count)
  const { repetitions } = how
  const shuffled = new Float64Array(units.length * repetitions)
  const found = await Promise.all(
    Array.from(done, async (_, share) => {
      const own = units.filter((_, u) => u % count === share)
      const report = (part: number): void => {
        done[share] = part
        onProgress?.(done.reduce((sum, one) => sum + one, 0) / count)
      }
      const of = await pool.run('shuffle', { parts: shared, units: own, ...how }, { onProgress: report })
      for (let u = 0; u < own.length; u++) {
        shuffled.set(of.shuffled.subarray(u * repetitions, (u + 1) * repetitions), (u * count + share) * repetitions)
      }
      return of.value
    }),
  )
  return { value: found[0]!, shuffled }
}
