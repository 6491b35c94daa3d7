import type { Curve } from './ranking.ts'

/**
 * Share of all positives that are among the `share` of rows with the highest scores (the gain); rows that tie at its edge
 * count in part. Divided by `share` it is the lift: how many times the base rate the top holds.
 */
export function gainAt({ hits, alarms }: Curve, share: number): number {
  const positives = hits.at(-1)!
  const room = share * (positives + alarms.at(-1)!)
  let t = 0
  while (t < hits.length - 1 && hits[t]! + alarms[t]! < room) t++
  const [hitsBefore, alarmsBefore] = t === 0 ? [0, 0] : [hits[t - 1]!, alarms[t - 1]!]
  const tied = hits[t]! + alarms[t]! - hitsBefore - alarmsBefore
  const taken = tied === 0 ? 0 : Math.min(1, (room - hitsBefore - alarmsBefore) / tied)
  return (hitsBefore + (hits[t]! - hitsBefore) * taken) / positives
}
