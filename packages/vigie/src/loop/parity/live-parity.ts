import { setTimeout as sleep } from 'node:timers/promises'
import type { Project } from '../../define/project.ts'
import type { FeatureSpec } from '../../domain/feature-spec.ts'
import { sameValue } from '../../domain/parity.ts'
import type { OnlineRequest } from '../../ports/online-store.ts'
import type { Ports } from '../../ports/ports.ts'
import { onlineRequest } from '../online-request.ts'
import { type Catalogue, catalogue, idsOf, trueFrom, versionsOfView } from '../view-versions.ts'
import { type Answered, type Comparison, compareAnswers, historyOf, LISTED, onlineViews } from './compare.ts'
import { offlineValues } from './offline-values.ts'
import { sampleKeys } from './sample-keys.ts'

type Stores = Pick<Ports, 'offline' | 'online' | 'snapshots'>

/** Reads that are made before other work gets its turn: a few milliseconds. */
const READS_A_TURN = 512
/** A view that is built anew while it is read is read again. */
const TRIES = 3
const POLL_MS = 200

/**
 * Reads entities from the online store and compares them with the join at the same moment. `rows`: how many at least;
 * infinite for all. Versions that were committed before and do not come online within `settleMs` are part of what is
 * compared, so that a store that fell behind is no equal one.
 */
export async function liveParity(
  ports: Stores,
  project: Project,
  features: FeatureSpec,
  { rows, settleMs }: { readonly rows: number; readonly settleMs: number },
): Promise<Comparison> {
  const request = onlineRequest(project, features)
  const before = await catalogue(ports)
  await settled(ports, project, request, before, settleMs)
  const views = [...new Set(features.map(({ view }) => view))]
  const keys = await sampleKeys(ports, project, { views, rows, listed: before })
  for (let attempt = 1; ; attempt++) {
    const at = (await catalogue(ports)).now
    const answers = await readAll(ports, request, keys, at)
    const listed = await catalogue(ports)
    const comparison = await compareAnswers(ports, project, request, answers, listed)
    if (comparison.incomparable > 0 && attempt < TRIES) continue
    return withPending(ports, project, request, { comparison, answers, before, listed })
  }
}

async function readAll(
  { online }: Pick<Ports, 'online'>,
  request: OnlineRequest,
  keys: readonly string[],
  at: number,
): Promise<readonly Answered[]> {
  const answers: Answered[] = []
  for (let start = 0; start < keys.length; start += READS_A_TURN) {
    const stamp = online.stamp()
    for (const key of keys.slice(start, start + READS_A_TURN)) {
      const { values, statuses } = online.read(key, request, at)
      answers.push({ key, at, stamp, values, statuses })
    }
    // Each turn sees one state of the store.
    await sleep(0)
  }
  return answers
}

/** Ids that the catalogue listed and the online store lacks, by view. Views without any are left out. */
function pendingVersions(ports: Stores, project: Project, request: OnlineRequest, listed: Catalogue) {
  const pending = new Map<string, readonly string[]>()
  for (const [view, stored] of onlineViews(ports, project, request)) {
    const { snapshots, pushes } = versionsOfView(project, view, listed)
    const visible = { snapshots: snapshots.filter((snapshot) => trueFrom(snapshot) <= listed.now), pushes }
    const missing = idsOf(visible).filter((id) => !stored?.versions.has(id))
    if (missing.length > 0) pending.set(view, missing)
  }
  return pending
}

/** An ingest that has just committed is about to put its rows online. */
async function settled(
  ports: Stores,
  project: Project,
  request: OnlineRequest,
  listed: Catalogue,
  ms: number,
): Promise<void> {
  const end = performance.now() + ms
  while (pendingVersions(ports, project, request, listed).size > 0 && performance.now() < end) await sleep(POLL_MS)
}

/**
 * What differs from the whole history, and not from the part of it that is online, is not materialized yet. A store that
 * differs from its own part has a fault, which is told alone.
 */
async function withPending(
  ports: Stores,
  project: Project,
  request: OnlineRequest,
  seen: {
    readonly comparison: Comparison
    readonly answers: readonly Answered[]
    readonly before: Catalogue
    readonly listed: Catalogue
  },
): Promise<Comparison> {
  const { comparison, answers, before, listed } = seen
  const pending = pendingVersions(ports, project, request, before)
  if (pending.size === 0 || comparison.equal < comparison.rows) return comparison
  // What came online since is not in the answers.
  const stamp = answers.reduce((latest, answer) => Math.max(latest, answer.stamp), 0)
  const versions = new Map(
    Array.from(onlineViews(ports, project, request), ([view, stored]) => [
      view,
      new Set([
        ...[...(stored?.versions ?? [])].flatMap(([id, since]) => (since <= stamp ? [id] : [])),
        ...(pending.get(view) ?? []),
      ]),
    ]),
  )
  const offline = await offlineValues(ports, project, request, answers, historyOf(project, listed, versions))
  const behind = answers.flatMap((answer, row) => {
    return request.features.flatMap(({ view, name }, column) => {
      const online = { value: answer.values[column]!, status: answer.statuses[column]! }
      const joined = offline(column, row)
      if (!pending.has(view) || sameValue(online, joined)) return []
      const { key, at } = answer
      const feature = name.slice(view.length + 1)
      return [{ key, at, view, feature, online, offline: joined, why: 'not materialized yet' as const }]
    })
  })
  return {
    ...comparison,
    equal: comparison.equal - new Set(behind.map(({ key }) => key)).size,
    differences: behind.slice(0, LISTED),
  }
}
