import { viewInputs } from '../../define/model-input.ts'
import type { Project } from '../../define/project.ts'
import type { FeatureStatus } from '../../domain/feature-status.ts'
import { type ParityValue, sameValue, type Why, whyDifferent } from '../../domain/parity.ts'
import type { OnlineRequest, OnlineView } from '../../ports/online-store.ts'
import type { Ports } from '../../ports/ports.ts'
import { type Catalogue, type ViewVersions, versionsNamed, versionsOfView } from '../view-versions.ts'
import { type Asked, type OfflineValues, offlineValues } from './offline-values.ts'

/** What the online store answered. */
export interface Answered extends Asked {
  /** Of the store when it answered. */
  readonly stamp: number
  readonly values: Float64Array
  readonly statuses: readonly FeatureStatus[]
}

/** One value that is not the same in both stores. */
export interface Difference {
  readonly key: string
  /** When it was read: UTC microseconds since 1970. */
  readonly at: number
  readonly view: string
  readonly feature: string
  readonly online: ParityValue
  readonly offline: ParityValue
  readonly why: Why
}

export interface Comparison {
  /** Rows that were compared. */
  readonly rows: number
  /** Rows of which every value is the same. */
  readonly equal: number
  /** At most `LISTED`, of the first rows that differ. */
  readonly differences: readonly Difference[]
  /** Rows that were read from a store that was built anew since, or under another definition. */
  readonly incomparable: number
}

export const LISTED = 20

type Stores = Pick<Ports, 'offline' | 'online'>

/** Versions of each view that the online store has, with the stamps that brought them. Null: it has not the view. */
export function onlineViews(
  ports: Pick<Ports, 'online'>,
  project: Project,
  request: OnlineRequest,
): ReadonlyMap<string, OnlineView | null> {
  const views = new Set(request.features.map(({ view }) => view))
  return new Map(Array.from(views, (view) => [view, ports.online.view(view, viewInputs(project, view))]))
}

/**
 * Compares what the online store answered with the join at the same times, over the versions that the store had when it
 * answered: what was ingested meanwhile makes no difference.
 */
export async function compareAnswers(
  ports: Stores,
  project: Project,
  request: OnlineRequest,
  answers: readonly Answered[],
  listed: Catalogue,
): Promise<Comparison> {
  const views = onlineViews(ports, project, request)
  let all: Comparison = { rows: 0, equal: 0, differences: [], incomparable: 0 }
  for (const group of sameHistory(answers, views)) {
    const comparison = group.versions
      ? await compareGroup(ports, project, request, group.answers, historyOf(project, listed, group.versions))
      : { rows: 0, equal: 0, differences: [], incomparable: group.answers.length }
    all = together(all, comparison)
  }
  return all
}

export function together(a: Comparison, b: Comparison): Comparison {
  return {
    rows: a.rows + b.rows,
    equal: a.equal + b.equal,
    differences: [...a.differences, ...b.differences].slice(0, LISTED),
    incomparable: a.incomparable + b.incomparable,
  }
}

interface Group {
  readonly answers: readonly Answered[]
  /** Ids by view; null when nobody knows any more what the store had. */
  readonly versions: ReadonlyMap<string, ReadonlySet<string>> | null
}

/** Answers of which the store had the same versions. Stamps change with every write of any view. */
function sameHistory(answers: readonly Answered[], views: ReadonlyMap<string, OnlineView | null>): readonly Group[] {
  const byStamp = Map.groupBy(answers, ({ stamp }) => stamp)
  const groups = new Map<string, { answers: Answered[]; versions: Group['versions'] }>()
  for (const [stamp, some] of byStamp) {
    const versions = versionsAt(views, stamp)
    const id = versions === null ? '' : JSON.stringify([...versions].map(([view, ids]) => [view, [...ids]]))
    const group = groups.get(id)
    if (group) group.answers.push(...some)
    else groups.set(id, { answers: some, versions })
  }
  return [...groups.values()]
}

function versionsAt(views: ReadonlyMap<string, OnlineView | null>, stamp: number): Group['versions'] {
  const versions = new Map<string, ReadonlySet<string>>()
  for (const [view, stored] of views) {
    // A view that is not there answers NOT_FOUND, as a history without versions does.
    if (stored !== null && stamp < stored.since) return null
    const there = [...(stored?.versions ?? [])].filter(([, since]) => since <= stamp)
    versions.set(view, new Set(there.map(([id]) => id)))
  }
  return versions
}

export function historyOf(
  project: Project,
  listed: Catalogue,
  versions: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, ViewVersions> {
  return new Map(
    Array.from(versions, ([view, ids]) => [view, versionsNamed(versionsOfView(project, view, listed), ids)]),
  )
}

async function compareGroup(
  ports: Stores,
  project: Project,
  request: OnlineRequest,
  answers: readonly Answered[],
  history: ReadonlyMap<string, ViewVersions>,
): Promise<Comparison> {
  const offline = await offlineValues(ports, project, request, answers, history)
  let equal = 0
  const differences: Difference[] = []
  for (const [row, answer] of answers.entries()) {
    const different = differencesOf(request, answer, row, offline)
    if (different.length === 0) equal++
    for (const { column, ...values } of different) {
      if (differences.length === LISTED) break
      const { view, name } = request.features[column]!
      const onlineOnly = ports.online.onlineOnly(view, answer.key)
      differences.push({
        key: answer.key,
        at: answer.at,
        view,
        feature: name.slice(view.length + 1),
        ...values,
        why: whyDifferent(values.online, values.offline, { onlineOnly, pending: false }),
      })
    }
  }
  return { rows: answers.length, equal, differences, incomparable: 0 }
}

function differencesOf(request: OnlineRequest, answer: Answered, row: number, offline: OfflineValues) {
  return request.features.flatMap((_, column) => {
    const read = { value: answer.values[column]!, status: answer.statuses[column]! }
    const joined = offline(column, row)
    return sameValue(read, joined) ? [] : [{ column, online: read, offline: joined }]
  })
}
