import type { Project } from '../../define/project.ts'
import type { FeatureSpec } from '../../domain/feature-spec.ts'
import { featureStatus } from '../../domain/feature-status.ts'
import type { ParityValue } from '../../domain/parity.ts'
import type { OnlineRequest } from '../../ports/online-store.ts'
import type { Ports } from '../../ports/ports.ts'
import { viewSources } from '../dataset.ts'
import { idsOf, type ViewVersions } from '../view-versions.ts'

/** What was read of one entity at one time. */
export interface Asked {
  readonly key: string
  /** UTC microseconds since 1970. */
  readonly at: number
}

/** The value that the point-in-time join has for a column (by its position in the request) of a row. */
export type OfflineValues = (column: number, row: number) => ParityValue

/** Joins rows at their times with the history that `versions` has of each view. */
export async function offlineValues(
  ports: Pick<Ports, 'offline'>,
  project: Project,
  request: OnlineRequest,
  rows: readonly Asked[],
  versions: ReadonlyMap<string, ViewVersions>,
): Promise<OfflineValues> {
  const values: ((row: number) => ParityValue)[] = new Array(request.features.length)
  for (const views of viewsOfOneHistory(request.features, versions)) {
    const positions = request.features.flatMap((feature, i) => (views.includes(feature.view) ? [i] : []))
    const features = positions.map((i) => request.features[i]!)
    const joined = await join(ports, project, request, { rows, features, history: versions.get(views[0]!)! })
    for (const [i, position] of positions.entries()) values[position] = (row) => joined(i, row)
  }
  return (column, row) => values[column]!(row)
}

/** Almost always all views have the same versions, and one join serves them. */
function viewsOfOneHistory(features: FeatureSpec, versions: ReadonlyMap<string, ViewVersions>): readonly string[][] {
  const views = [...new Set(features.map(({ view }) => view))]
  return [...Map.groupBy(views, (view) => idsOf(versions.get(view)!).join()).values()]
}

async function join(
  ports: Pick<Ports, 'offline'>,
  project: Project,
  { maxAges }: OnlineRequest,
  {
    rows,
    features,
    history,
  }: { readonly rows: readonly Asked[]; readonly features: FeatureSpec; readonly history: ViewVersions },
): Promise<OfflineValues> {
  const spine = { kind: 'rows', keys: rows.map(({ key }) => key), at: Float64Array.from(rows, ({ at }) => at) } as const
  const read = (ageLimits: boolean) => {
    const views = viewSources(project).map((source) => {
      const maxAge = ageLimits ? maxAges[source.view] : undefined
      return { ...source, ttlMs: maxAge === undefined ? null : maxAge / 1000 }
    })
    return ports.offline.pointInTimeJoin({ spine, features, views, ...history })
  }
  const joined = await read(true)
  // A join with a limit does not tell what is too old from what was never there.
  const limited = features.some(({ view }) => maxAges[view] !== undefined)
  const { eventTimes } = limited ? await read(false) : joined
  return (column, row) => {
    const { view } = features[column]!
    const value = joined.columns[column]![row]!
    const maxAge = maxAges[view] ?? Number.POSITIVE_INFINITY
    return { value, status: featureStatus(value, eventTimes.get(view)![row]!, rows[row]!.at, maxAge) }
  }
}
