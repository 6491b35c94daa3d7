import type { Project } from '../define/project.ts'
import { type AsOf, endOfDayMs } from '../domain/as-of.ts'
import { micros } from '../domain/point-in-time.ts'
import type { Ports } from '../ports/ports.ts'
import type { Push, Snapshot } from '../ports/snapshots.ts'

/** Everything that the catalogue lists, at one moment of its clock. */
export interface Catalogue {
  readonly snapshots: readonly Snapshot[]
  readonly pushes: readonly Push[]
  /** UTC microseconds since 1970, read before the lists. */
  readonly now: number
}

export async function catalogue(ports: Pick<Ports, 'snapshots'>): Promise<Catalogue> {
  const now = Number(micros(await ports.snapshots.now()))
  const [snapshots, pushes] = await Promise.all([ports.snapshots.list(), ports.snapshots.pushes()])
  return { snapshots, pushes, now }
}

/** The part of a catalogue that brings rows of one view. */
export interface ViewVersions {
  readonly snapshots: readonly Snapshot[]
  readonly pushes: readonly Push[]
}

export function versionsOfView(project: Project, view: string, { snapshots, pushes }: ViewVersions): ViewVersions {
  const from = project.featureViews[view]?.from ?? ''
  return {
    // A view that was declared after a date was ingested has nothing of it.
    snapshots: snapshots.filter(({ tables }) => Object.hasOwn(tables, from)),
    pushes: pushes.filter(({ source }) => source === from),
  }
}

export function versionsNamed({ snapshots, pushes }: ViewVersions, ids: { has(id: string): boolean }): ViewVersions {
  return { snapshots: snapshots.filter(({ id }) => ids.has(id)), pushes: pushes.filter(({ id }) => ids.has(id)) }
}

export function idsOf({ snapshots, pushes }: ViewVersions): readonly string[] {
  return [...snapshots, ...pushes].map(({ id }) => id)
}

/** Dates to take, both inclusive: snapshots by their as_of, pushes by the day on which they became known. */
export interface Dates {
  readonly from?: AsOf
  readonly to?: AsOf
}

export function versionsWithin({ snapshots, pushes }: ViewVersions, { from, to }: Dates): ViewVersions {
  const inRange = (date: string) => (from === undefined || date >= from) && (to === undefined || date <= to)
  return {
    snapshots: snapshots.filter(({ asOf }) => inRange(asOf)),
    pushes: pushes.filter(({ knownAt }) => inRange(knownAt.slice(0, 10))),
  }
}

/** When the rows of a snapshot become true: the last microsecond of its date. */
export function trueFrom({ asOf }: Snapshot): number {
  return endOfDayMs(asOf) * 1000 - 1
}
