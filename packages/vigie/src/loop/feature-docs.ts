import { modelInput } from '../define/model-input.ts'
import type { Project } from '../define/project.ts'
import { type AsOf, endOfDayMs } from '../domain/as-of.ts'
import { expressionText } from '../domain/expression/text.ts'
import type { FeatureColumn } from '../domain/feature-spec.ts'
import type { ColumnProfile } from '../domain/profile/table-profile.ts'
import { VigieError } from '../errors.ts'
import type { Ports } from '../ports/ports.ts'
import type { Snapshot } from '../ports/snapshots.ts'

/** What people want to know of a feature before they use it. */
export interface FeatureDoc {
  /** `view.feature`. */
  readonly name: string
  readonly view: string
  readonly type: FeatureColumn['type']
  readonly optional: boolean
  /** How the definition bounds it; null where it does not. */
  readonly min: number | null
  readonly max: number | null
  readonly categories: readonly string[] | null
  /** How it follows from others, for a derived feature. */
  readonly expression: string | null
  /** File that it is delivered in; null for a derived feature. */
  readonly source: string | null
  readonly owner: string | null
  readonly ttl: string | null
  readonly online: boolean
  /** Versions of the model that were trained on it, and whether one of them is champion. */
  readonly usedBy: readonly number[]
  readonly usedByChampion: boolean
  /** What the newest snapshot holds of it; null before the first, and for a derived feature. */
  readonly newest: FeatureState | null
}

/** A feature in one snapshot. */
export interface FeatureState {
  readonly asOf: AsOf
  readonly version: number
  /** Time between the end of the as_of and the moment from which the values count as known. */
  readonly delayMs: number
  readonly rows: number
  readonly column: ColumnProfile
}

type DocsPorts = Pick<Ports, 'snapshots' | 'offline' | 'registry'>

/** Every feature of the definition, in its order, derived ones last. */
export async function featureDocs(ports: DocsPorts, project: Project): Promise<readonly FeatureDoc[]> {
  const [snapshots, uses] = await Promise.all([newestVersions(ports), usesOf(ports, project)])
  const docs: FeatureDoc[] = []
  for (const column of columnsOf(project)) {
    const view = project.featureViews[column.view]
    const declared = view?.features[column.feature]
    const newest = view && snapshots.findLast(({ tables }) => tables[view.from])
    const usedBy = uses.byFeature.get(column.name) ?? []
    docs.push({
      name: column.name,
      view: column.view,
      type: column.type,
      optional: column.optional,
      min: declared?.min ?? null,
      max: declared?.max ?? null,
      categories: column.categories ?? null,
      expression: column.expression ? expressionText(column.expression) : null,
      source: view?.from ?? null,
      owner: view?.owner ?? null,
      ttl: view?.ttl ?? null,
      online: view?.online ?? true,
      usedBy,
      usedByChampion: uses.champion !== null && usedBy.includes(uses.champion),
      newest: view && newest ? await stateIn(ports, newest, view.from, column.feature) : null,
    })
  }
  return docs
}

/** One feature with what each snapshot held of it, oldest first. Throws `feature_unknown`. */
export async function featureHistory(
  ports: DocsPorts,
  project: Project,
  name: string,
): Promise<{ readonly doc: FeatureDoc; readonly history: readonly FeatureState[] }> {
  const doc = (await featureDocs(ports, project)).find((found) => found.name === name)
  if (!doc) {
    throw new VigieError('feature_unknown', `the definition has no feature "${name}"`, {
      rule: 'features are named view.feature',
      value: name.slice(0, 200),
    })
  }
  const history: FeatureState[] = []
  if (doc.source === null) return { doc, history }
  for (const snapshot of await newestVersions(ports)) {
    const state = await stateIn(ports, snapshot, doc.source, name.slice(doc.view.length + 1))
    if (state) history.push(state)
  }
  return { doc, history }
}

function columnsOf(project: Project): readonly FeatureColumn[] {
  const base = Object.entries(project.featureViews).flatMap(([view, { features }]) =>
    Object.entries(features).flatMap(([feature, declared]) => modelInput(view, feature, declared) ?? []),
  )
  return [...base, ...project.derived]
}

/** The newest version of every date, ascending. */
async function newestVersions({ snapshots }: DocsPorts): Promise<readonly Snapshot[]> {
  const byDate = new Map((await snapshots.list()).map((snapshot) => [snapshot.asOf, snapshot]))
  return [...byDate.values()]
}

async function stateIn(
  { offline }: DocsPorts,
  { asOf, version, knownAt, tables }: Snapshot,
  source: string,
  feature: string,
): Promise<FeatureState | null> {
  const table = tables[source]
  const profile = table && (await offline.profile(table))
  const column = profile?.columns.find(({ name }) => name === feature)
  if (!column) return null
  return { asOf, version, delayMs: Date.parse(knownAt) - endOfDayMs(asOf), rows: profile!.rows, column }
}

/** Which versions read which features, by what they were trained on. */
async function usesOf({ registry }: DocsPorts, { model }: Project) {
  const [versions, champion] = await Promise.all([registry.versions(model.name), registry.champion(model.name)])
  const byFeature = new Map<string, number[]>()
  for (const { version, trainingSet } of versions) {
    for (const { name } of trainingSet?.features ?? []) {
      const used = byFeature.get(name)
      if (used) used.push(version)
      else byFeature.set(name, [version])
    }
  }
  return { byFeature, champion: champion?.version ?? null }
}
