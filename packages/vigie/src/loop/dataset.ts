import { labelColumn } from '../define/label.ts'
import type { Project } from '../define/project.ts'
import { type AsOf, durationMs, endOfDayMs } from '../domain/as-of.ts'
import { completeRows } from '../domain/complete-rows.ts'
import { type Frame, takeRows } from '../domain/frame.ts'
import { splitByHoldout } from '../domain/holdout.ts'
import type { LabelColumn } from '../domain/label-column.ts'
import { classNames, type Target } from '../domain/model/target.ts'
import type { Holdout } from '../domain/policy.ts'
import { takeWeights, withWeightColumn } from '../domain/sample-weight.ts'
import { hasCode, VigieError } from '../errors.ts'
import type { ViewSource } from '../ports/offline-store.ts'
import type { Ports } from '../ports/ports.ts'
import type { RowRecipe } from '../ports/registry.ts'
import type { Snapshot } from '../ports/snapshots.ts'
import { joinFeatures } from './join-features.ts'

/** The labelled rows of one date: what was known then about everyone whose outcome has since arrived. */
export interface Dataset {
  readonly asOf: AsOf
  readonly rows: Frame & { readonly label: Float64Array }
  /** Rows with a label that counts / entities of the snapshot, at most 1: labels that have not arrived are missing. */
  readonly labelledShare: number
  /** False when the labels came before the outcome was decided: nobody is trained or judged by them. */
  readonly mature: boolean
  /** Snapshot that the labels came from. */
  readonly snapshot: Snapshot
  /** What gives the same rows again. */
  readonly recipe: RowRecipe
}

/** Joins the labels of `asOf` with the features as they were known at its end. Throws `snapshot_missing`. */
export async function labelledRows(ports: Ports, project: Project, asOf: AsOf): Promise<Dataset> {
  return readRows(ports, await recipeNow(ports, project, asOf))
}

/** The rows of a recipe: today's of `labelledRows`, or those that a version was trained on long ago. */
export async function readRows(ports: Ports, recipe: RowRecipe): Promise<Dataset> {
  const { rows, snapshot } = await weightedRows(ports, recipe)
  if (!rows.label) throw new VigieError('internal', 'the join brought no labels')
  const decidedMs = endOfDayMs(recipe.asOf) + recipe.label.horizonMs
  const mature = Date.parse(snapshot.ingestedAt) >= decidedMs
  const labelledShare = mature ? Math.min(1, rows.keys.length / snapshot.rows) : 0
  return { asOf: recipe.asOf, rows: { ...rows, label: rows.label }, labelledShare, mature, snapshot, recipe }
}

/**
 * The rows of a date to compare another with: labelled, or without a label when the date was ingested while the
 * definition had another one. Throws `snapshot_missing`.
 */
export async function referenceRows(ports: Ports, project: Project, asOf: AsOf): Promise<Frame> {
  const recipe = await recipeNow(ports, project, asOf)
  try {
    return (await rowsOf(ports, recipe, true)).rows
  } catch (error) {
    const otherLabel = hasCode(error) && OTHER_LABEL.has(error.code)
    if (!otherLabel || error.details.column !== project.label.column) throw error
    return (await rowsOf(ports, recipe)).rows
  }
}

/** What reading a label gives that was ingested as another. */
const OTHER_LABEL: ReadonlySet<string> = new Set(['column_missing', 'column_type_changed', 'category_unknown'])

/** What the rows of a date depend on, with everything that the catalogue knows by now. */
async function recipeNow(ports: Ports, project: Project, asOf: AsOf): Promise<RowRecipe> {
  // The clock first: what is committed between the two is listed and only looks younger than the cut.
  const knownAt = await ports.snapshots.now()
  const [snapshots, pushes] = await Promise.all([ports.snapshots.list(), ports.snapshots.pushes()])
  return {
    asOf,
    key: project.entity.key,
    label: {
      from: project.label.from,
      ...labelColumn(project.label),
      horizonMs: durationMs(project.label.horizon),
    },
    features: project.model.features,
    ...(project.model.sampleWeight ? { weight: project.model.sampleWeight } : {}),
    views: viewSources(project),
    snapshots: snapshots.map(({ id }) => id),
    pushes: pushes.map(({ id }) => id),
    knownAt,
  }
}

async function rowsOf(
  ports: Ports,
  recipe: RowRecipe,
  withLabel = false,
): Promise<{ readonly rows: Frame; readonly snapshot: Snapshot }> {
  const snapshots = pinned('snapshot', recipe.snapshots, await ports.snapshots.list())
  const pushes = pinned('push', recipe.pushes, await ports.snapshots.pushes())
  const { asOf, key, features, views } = recipe
  const snapshot = snapshots.findLast((s) => s.asOf === asOf)
  const table = snapshot?.tables[recipe.label.from]
  if (!snapshot || !table) {
    throw new VigieError('snapshot_missing', `there is no snapshot of ${asOf}`, {
      rule: 'a date is ingested before it is used',
      value: asOf,
      hint: `Ingest it first: vigie ingest <dir> --as-of ${asOf}`,
    })
  }
  const rows = await joinFeatures(ports.offline, {
    spine: { kind: 'table', table, key, at: asOf, ...(withLabel ? { label: recipeLabel(recipe) } : {}) },
    features,
    views,
    snapshots,
    pushes,
  })
  return { rows, snapshot }
}

async function weightedRows(ports: Ports, recipe: RowRecipe): ReturnType<typeof rowsOf> {
  const { weight, features } = recipe
  if (!weight) return rowsOf(ports, recipe, true)
  const { rows, snapshot } = await rowsOf(ports, { ...recipe, features: withWeightColumn(features, weight) }, true)
  return { rows: takeWeights(rows, features, weight), snapshot }
}

/** How the label of a recipe is read. */
export function recipeLabel({ label: { column, type = 'boolean', categories } }: RowRecipe): LabelColumn {
  return { column, type, ...(categories ? { categories } : {}) }
}

/** Those of the catalogue that a recipe names, in the catalogue's order. Throws `training_set_changed` when some are gone. */
function pinned<T extends { readonly id: string }>(what: string, ids: readonly string[], known: readonly T[]): T[] {
  const wanted = new Set(ids)
  const found = known.filter(({ id }) => wanted.delete(id))
  const [missing] = wanted
  if (missing === undefined) return found
  throw new VigieError('training_set_changed', `${what} ${missing} is no longer in the catalogue`, {
    rule: 'the catalogue keeps every version that rows were read from',
    value: missing,
  })
}

/** Where each view's values come from, for the join. */
export function viewSources(project: Project): readonly ViewSource[] {
  return Object.entries(project.featureViews).map(([view, { from, entity, eventTime, createdTime, ttl, arrives }]) => ({
    view,
    from,
    key: entity.key,
    eventTime,
    createdTime,
    ttlMs: ttl === null ? null : durationMs(ttl),
    arrivesMs: durationMs(arrives),
  }))
}

/** The complete rows of one side of the holdout whose outcome is decided. */
export interface Part extends Dataset {
  /** Rows that were left out because a feature that is not optional has no value. */
  readonly incomplete: number
  /** Rows that were left out because their label came before the outcome was decided. */
  readonly immature: number
}

/** Rows that may be trained on, and rows that no model of this project ever sees. */
export function split(dataset: Dataset, holdout: Holdout): { readonly training: Part; readonly heldOut: Part } {
  const { training, heldOut } = splitByHoldout(dataset.rows.keys, holdout)
  const part = (indices: Int32Array): Part => {
    const complete = dataset.mature ? completeRows(dataset.rows, indices) : new Int32Array(0)
    const rows = takeRows(dataset.rows, complete)
    return {
      ...dataset,
      rows: { ...rows, label: rows.label as Float64Array },
      incomplete: dataset.mature ? indices.length - complete.length : 0,
      immature: dataset.mature ? 0 : indices.length,
    }
  }
  return { training: part(training), heldOut: part(heldOut) }
}

/** Rows of each class, by its index; none when the label is a number. */
export function classCounts(dataset: Dataset, target: Target): number[] {
  const counts = classNames(target).map(() => 0)
  for (const y of counts.length === 0 ? [] : dataset.rows.label) counts[y]! += 1
  return counts
}
