import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import { derivation } from '../domain/derivation.ts'
import { columnsOf } from '../domain/expression/expression.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import { derivedStatus, type FeatureStatus, featureStatus } from '../domain/feature-status.ts'
import { lastMicrosOf } from '../domain/point-in-time.ts'
import type { History, ViewSource } from '../ports/offline-store.ts'
import type { OnlineStore } from '../ports/online-store.ts'
import type { Ports } from '../ports/ports.ts'
import { viewSources } from './dataset.ts'
import { onlineRequest } from './online-request.ts'

/** What is known of one entity at one time, in the order of the features that were asked for. */
export interface EntityFeatures {
  /** NaN for whatever is not PRESENT. */
  readonly values: Float64Array
  readonly statuses: readonly FeatureStatus[]
  /** When the row became true that a value is from, in microseconds since 1970; NaN where nothing is known. */
  readonly eventTimes: Float64Array
}

/** What a model would be given now: a memory-mapped read. The request is made once, for many reads. */
export function onlineFeatures(project: Pick<Project, 'featureViews'>, spec: FeatureSpec) {
  const request = onlineRequest(project, derivation(spec).inputs)
  const derive = deriving(spec)
  return (online: OnlineStore, key: string, nowMicros: number): EntityFeatures =>
    derive(online.read(key, request, nowMicros))
}

/** What was known at the end of a date, or at an instant in microseconds since 1970, as a training row would have it. */
export async function offlineFeatures(
  ports: Pick<Ports, 'offline' | 'snapshots'>,
  project: Project,
  { key, at, spec }: { readonly key: string; readonly at: AsOf | number; readonly spec: FeatureSpec },
): Promise<EntityFeatures> {
  const [snapshots, pushes] = await Promise.all([ports.snapshots.list(), ports.snapshots.pushes()])
  const { inputs } = derivation(spec)
  const views = viewSources(project)
  return deriving(spec)(await joinedFeatures(ports, { key, at, inputs, views, snapshots, pushes }))
}

/** What a history says of one entity at one time. `inputs` are base columns. */
export async function joinedFeatures(
  ports: Pick<Ports, 'offline'>,
  {
    key,
    at,
    inputs,
    views,
    ...history
  }: History & {
    readonly key: string
    readonly at: AsOf | number
    readonly inputs: FeatureSpec
    readonly views: readonly ViewSource[]
    /** The history is cut already to what may be known. */
    readonly eventTimeOnly?: boolean
  },
): Promise<EntityFeatures> {
  const { columns, eventTimes } = await ports.offline.pointInTimeJoin({
    spine: { kind: 'rows', keys: [key], at: typeof at === 'number' ? Float64Array.of(at) : [at] },
    features: inputs,
    // Of any age: what is too old is told from what was never there.
    views: views.map((view) => ({ ...view, ttlMs: null })),
    ...history,
  })
  const now = typeof at === 'number' ? at : lastMicrosOf(at)
  const maxAge = new Map(
    views.map(({ view, ttlMs }) => [view, ttlMs === null ? Number.POSITIVE_INFINITY : ttlMs * 1000]),
  )
  const times = Float64Array.from(inputs, ({ view }) => eventTimes.get(view)?.[0] ?? Number.NaN)
  const statuses = inputs.map(({ view }, i) => featureStatus(columns[i]![0]!, times[i]!, now, maxAge.get(view)!))
  const values = Float64Array.from(statuses, (status, i) => (status === 'PRESENT' ? columns[i]![0]! : Number.NaN))
  return { values, statuses, eventTimes: times }
}

/** The features that follow from base columns, with why there is none where there is none. */
function deriving(spec: FeatureSpec): (base: EntityFeatures) => EntityFeatures {
  const { row } = derivation(spec)
  const from = derivedFrom(spec)
  return (base) => from(row(base.values), base)
}

/** The values of a spec with what is known of the base columns that they follow from. */
export function derivedFrom(spec: FeatureSpec): (values: Float64Array, base: EntityFeatures) => EntityFeatures {
  const { inputs } = derivation(spec)
  if (inputs === spec) return (values, base) => ({ ...base, values })
  const read = inputPositions(spec)
  return (values, { statuses, eventTimes }) => ({
    values,
    statuses: read.map((of, i) =>
      derivedStatus(
        values[i]!,
        of.map((input) => statuses[input]!),
      ),
    ),
    // As old as the oldest of what it is made of.
    eventTimes: Float64Array.from(read, (of) => Math.min(...of.map((input) => eventTimes[input]!))),
  })
}

/** For each feature the positions of the base columns that it is made of, among the inputs of the spec. */
export function inputPositions(spec: FeatureSpec): readonly (readonly number[])[] {
  const position = new Map(derivation(spec).inputs.map(({ name }, i) => [name, i]))
  return spec.map((column) =>
    (column.expression ? columnsOf(column.expression) : [column]).map(({ name }) => position.get(name)!),
  )
}
