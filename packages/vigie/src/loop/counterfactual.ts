import type { Project } from '../define/project.ts'
import { type AsOf, asOfMicros } from '../domain/as-of.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import { lastMicrosOf, micros } from '../domain/point-in-time.ts'
import { VigieError } from '../errors.ts'
import type { History } from '../ports/offline-store.ts'
import type { Ports } from '../ports/ports.ts'
import { derivedFrom, type EntityFeatures, inputPositions, joinedFeatures } from './entity-features.ts'
import { knownTime } from './known-times.ts'
import { nowMicros, onlineRequest } from './online-request.ts'
import { missingFeatures, type Prediction, predictSoon } from './predict.ts'
import type { VersionReader } from './version-reader.ts'

/** The time that is asked about. */
export interface When {
  /** Events up to here: a date, which means its end, or an instant in microseconds since 1970. */
  readonly at: AsOf | number
  /**
   * What was really delivered up to here, in microseconds since 1970. Null: what a training row of that time sees, where
   * a first delivery counts as known from its date on, and whatever arrived within the time that a view allows.
   */
  readonly knownAt: number | null
}

/** What a version answers, and from what. */
export interface Counterfactual {
  readonly prediction: Prediction
  /** In the order of the arrays. */
  readonly columns: FeatureSpec
  readonly features: EntityFeatures
  /** Since when each value is known, in microseconds since 1970; NaN where there is none. Null: read online. */
  readonly knownTimes: Float64Array | null
}

/**
 * What a version would have said of one entity at some time: its artefact, on the features as they were known then. The
 * same bits as a server answered from it, when everything that was known then was online.
 *
 * @throws `snapshot_missing` when nothing was known yet, `user_unknown`, `features_missing`, `as_of_invalid` for a time
 *   that has not come, and what reading the history throws
 */
export async function answerThen(
  ports: Pick<Ports, 'offline' | 'snapshots'>,
  project: Project,
  { reader, key, when }: { readonly reader: VersionReader; readonly key: string; readonly when: When },
): Promise<Counterfactual> {
  const { reading, views, model } = reader
  const history = await historyThen(ports, when)
  const base = await joinedFeatures(ports, { key, at: when.at, inputs: reading.inputs, views, ...history })
  if (isUnknown(base)) requireHistory(history, when)
  const from = new Map<string, number>()
  for (const view of views) {
    const position = reading.inputs.findIndex((input) => input.view === view.view)
    if (position < 0) continue
    const eventTime = base.eventTimes[position]!
    const found = { ...history, key, at: when.at, inputs: reading.inputs, eventTime }
    from.set(view.view, await knownTime(ports, view, found))
  }
  const known = reading.inputs.map(({ view }) => from.get(view) ?? Number.NaN)
  return {
    ...(await answer(project, reader, key, base)),
    // Known once the last is known of what it is made of.
    knownTimes: Float64Array.from(inputPositions(model.features), (of) => Math.max(...of.map((i) => known[i]!))),
  }
}

/** The same from the online store, now. */
export async function answerNow(
  ports: Pick<Ports, 'online'>,
  project: Project,
  { reader, key }: { readonly reader: VersionReader; readonly key: string },
): Promise<Counterfactual> {
  const request = onlineRequest(project, reader.reading.inputs)
  return { ...(await answer(project, reader, key, ports.online.read(key, request, nowMicros()))), knownTimes: null }
}

async function answer(project: Project, { reading, model }: VersionReader, key: string, base: EntityFeatures) {
  const name = project.entity.key
  if (isUnknown(base)) {
    throw new VigieError('user_unknown', `nothing was known of ${name}=${shown(key)} then`, { value: shown(key) })
  }
  const values = reading.row(base.values)
  const missing = missingFeatures(reading.columns, values)
  if (missing.length > 0) {
    throw new VigieError('features_missing', `${missing.length} features of ${name}=${shown(key)} had no value then`, {
      rule: 'every feature that is not optional has a value',
      value: missing.join(', ').slice(0, 200),
    })
  }
  return {
    prediction: await predictSoon(model, reading.translate(values)),
    columns: reading.columns,
    features: derivedFrom(model.features)(values, base),
  }
}

const isUnknown = ({ statuses }: EntityFeatures): boolean => statuses.every((status) => status === 'NOT_FOUND')

const shown = (key: string): string => (key.length > 80 ? `${key.slice(0, 80)}...` : key)

interface HistoryThen extends Required<History> {
  readonly eventTimeOnly: boolean
}

/** What of the catalogue may be read. */
export async function historyThen(ports: Pick<Ports, 'snapshots'>, { at, knownAt }: When): Promise<HistoryThen> {
  const now = Number(micros(await ports.snapshots.now()))
  const begins = typeof at === 'number' ? at : Number(asOfMicros(at))
  if (begins > now || (knownAt !== null && knownAt > now)) {
    const future = momentText(begins > now ? at : knownAt!)
    throw new VigieError('as_of_invalid', `${future} has not come`, {
      rule: 'what would have been said is asked of a time that has passed',
      value: future,
    })
  }
  const [snapshots, pushes] = await Promise.all([ports.snapshots.list(), ports.snapshots.pushes()])
  const isThere = (since: string) => knownAt === null || Number(micros(since)) <= knownAt
  return {
    snapshots: snapshots.filter(({ ingestedAt }) => isThere(ingestedAt)),
    pushes: pushes.filter((push) => isThere(push.knownAt)),
    eventTimeOnly: knownAt !== null,
  }
}

/** Tells a time of which nothing had been delivered from a key that was in no delivery. */
export function requireHistory({ snapshots, pushes }: HistoryThen, { at, knownAt }: When): void {
  const end = typeof at === 'number' ? at : lastMicrosOf(at)
  if (pushes.length > 0 || snapshots.some(({ asOf }) => lastMicrosOf(asOf) <= end)) return
  const [first] = snapshots
  const by = knownAt === null ? '' : ` that had been delivered by ${momentText(knownAt)}`
  throw new VigieError('snapshot_missing', `there is nothing of ${momentText(at)} or before${by}`, {
    rule: 'a version answers from what was delivered for that time or before',
    value: momentText(at),
    hint: first ? `The first snapshot is of ${first.asOf}: ask for then or later.` : 'Ingest a delivery first.',
  })
}

/** A date as it is, an instant in ISO 8601 with microseconds. */
export function momentText(at: AsOf | number): string {
  if (typeof at !== 'number') return at
  return Temporal.Instant.fromEpochNanoseconds(BigInt(Math.round(at)) * 1000n).toString()
}
