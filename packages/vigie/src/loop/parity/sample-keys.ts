import { setImmediate } from 'node:timers/promises'
import type { Project } from '../../define/project.ts'
import { type Random, seededRandom } from '../../domain/random.ts'
import type { Ports } from '../../ports/ports.ts'
import type { ViewVersions } from '../view-versions.ts'

/** Keys that are listed before other work gets its turn: a few milliseconds. */
const KEYS_A_TURN = 4096
const SEED = 2024
const PAGES = 8
const PAGE = 16

/**
 * Entities to compare: at least `rows` of those in the online store, and a quarter as many from the newest delivery,
 * so that one that is missing online is found too. All of them when there are not more. The same for the same stores.
 */
export async function sampleKeys(
  ports: Pick<Ports, 'offline' | 'online'>,
  project: Project,
  { views, rows, listed }: { readonly views: readonly string[]; readonly rows: number; readonly listed: ViewVersions },
): Promise<readonly string[]> {
  const [largest = '', ...others] = views.toSorted((a, b) => ports.online.count(b) - ports.online.count(a))
  const random = seededRandom(SEED)
  const delivered = await deliveredKeys(ports, project, views, listed)
  const online = await sampleOnline(ports, largest, rows, random)
  const offline = sample(delivered, Math.max(Math.ceil(rows / 4), rows - online.length), random)
  const beside = others.flatMap((view) => pick(ports, view, { rows, near: online, random }))
  return [...new Set([...online, ...offline, ...beside])].sort()
}

async function sampleOnline(
  { online }: Pick<Ports, 'online'>,
  view: string,
  rows: number,
  random: Random,
): Promise<string[]> {
  const taken: string[] = []
  let left = online.count(view)
  let page = online.keys(view, KEYS_A_TURN)
  while (page.length > 0 && taken.length < rows) {
    // Selection sampling (Knuth, TAOCP 2, 3.4.2, algorithm S): each key is as likely as any other.
    for (const key of page) {
      if (random.unit() * Math.max(1, left--) < rows - taken.length) taken.push(key)
    }
    await setImmediate()
    page = online.keys(view, KEYS_A_TURN, page.at(-1))
  }
  return taken
}

/** Some keys of a smaller view: it may have an entity that no other has. Pages here and there, not a walk through all. */
function pick(
  { online }: Pick<Ports, 'online'>,
  view: string,
  { rows, near, random }: { readonly rows: number; readonly near: readonly string[]; readonly random: Random },
): readonly string[] {
  if (online.count(view) <= Math.min(rows, KEYS_A_TURN)) return online.keys(view, KEYS_A_TURN)
  return Array.from({ length: PAGES }, () => online.keys(view, PAGE, near[random.below(near.length)])).flat()
}

function sample(keys: readonly string[], rows: number, random: Random): string[] {
  const taken: string[] = []
  for (const [i, key] of keys.entries()) {
    if (random.unit() * (keys.length - i) < rows - taken.length) taken.push(key)
  }
  return taken
}

/** Keys of the newest snapshot: of the file that lists them, or of a view's that has a row for each. */
async function deliveredKeys(
  { offline }: Pick<Ports, 'offline'>,
  project: Project,
  views: readonly string[],
  { snapshots }: ViewVersions,
): Promise<readonly string[]> {
  const { listedIn, key } = project.entity
  const dated = views.find((view) => project.featureViews[view]?.eventTime === null)
  const from = listedIn ?? (dated && project.featureViews[dated]?.from)
  const table = from && snapshots.findLast(({ tables }) => Object.hasOwn(tables, from))?.tables[from]
  return table ? (await offline.read(table, key, [])).keys : []
}
