import type { Project } from '../define/project.ts'
import { durationMs } from '../domain/as-of.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import type { OnlineRequest } from '../ports/online-store.ts'

/** How the online store is asked for `features`, with the TTL of each view. Made once, for many reads. */
export function onlineRequest(project: Pick<Project, 'featureViews'>, features: FeatureSpec): OnlineRequest {
  const limited = Object.entries(project.featureViews).flatMap(([view, { ttl }]) =>
    ttl === null ? [] : [[view, durationMs(ttl) * 1000] as const],
  )
  return { features, maxAges: Object.fromEntries(limited) }
}

/** The clock of reads: microseconds since 1970, UTC. */
export function nowMicros(): number {
  return Date.now() * 1000
}
