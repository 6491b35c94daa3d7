import type { Project } from '../define/project.ts'
import { type AsOf, durationMs } from '../domain/as-of.ts'
import { completeRows } from '../domain/complete-rows.ts'
import { type Frame, takeRows } from '../domain/frame.ts'
import { splitByHoldout } from '../domain/holdout.ts'
import { hasCode, VigieError } from '../errors.ts'
import type { ViewSource } from '../ports/offline-store.ts'
import type { Ports } from '../ports/ports.ts'
import type { Snapshot } from '../ports/snapshots.ts'

/** The labelled rows of one date: what was known then about everyone whose outcome has since arrived. */
export interface Dataset {
  readonly asOf: AsOf
  readonly rows: Frame & { readonly label: Float64Array }
  /** Rows with a label / entities of the snapshot, at most 1: labels that have not arrived are missing from it. */
  readonly labelledShare: number
  /** Snapshot that the labels came from. */
  readonly snapshot: Snapshot
}

/** Joins the labels of `asOf` with the features as they were known at its end. Throws `snapshot_missing`. */
export async function labelledRows(ports: Ports, project: Project, asOf: AsOf): Promise<Dataset> {
  const { rows, snapshot } = await rowsOf(ports, project, asOf, project.label.column)
  if (!rows.label) throw new VigieError('internal', 'the join brought no labels')
  const labelledShare = Math.min(1, rows.keys.length / snapshot.rows)
  return { asOf, rows: { ...rows, label: rows.label }, labelledShare, snapshot }
}

/**
 * The rows of a date to compare another with: labelled, or without a label when the date was ingested while the
 * definition had another one. Throws `snapshot_missing`.
 */
export async function referenceRows(ports: Ports, project: Project, asOf: AsOf): Promise<Frame> {
  try {
    return (await labelledRows(ports, project, asOf)).rows
  } catch (error) {
    const otherLabel = hasCode(error, 'column_missing') || hasCode(error, 'column_type_changed')
    if (!otherLabel || error.details.column !== project.label.column) throw error
    return (await rowsOf(ports, project, asOf)).rows
  }
}

async function rowsOf(
  ports: Ports,
  project: Project,
  asOf: AsOf,
  label?: string,
): Promise<{ readonly rows: Frame; readonly snapshot: Snapshot }> {
  const snapshots = await ports.snapshots.list()
  const snapshot = snapshots.findLast((s) => s.asOf === asOf)
  const table = snapshot?.tables[project.label.from]
  if (!snapshot || !table) {
    throw new VigieError('snapshot_missing', `there is no snapshot of ${asOf}`, {
      rule: 'a date is ingested before it is used',
      value: asOf,
      hint: `Ingest it first: vigie ingest <dir> --as-of ${asOf}`,
    })
  }
  const rows = await ports.offline.pointInTimeJoin({
    spine: { kind: 'table', table, key: project.entity.key, at: asOf, ...(label === undefined ? {} : { label }) },
    features: project.model.features,
    views: viewSources(project),
    snapshots,
  })
  return { rows, snapshot }
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

/** The complete rows of one side of the holdout. */
export interface Part extends Dataset {
  /** Rows that were left out because a feature that is not optional has no value. */
  readonly incomplete: number
}

/** Rows that may be trained on, and rows that no model of this project ever sees. */
export function split(dataset: Dataset, project: Project): { readonly training: Part; readonly heldOut: Part } {
  const { training, heldOut } = splitByHoldout(dataset.rows.keys, project.model.holdout)
  const part = (indices: Int32Array): Part => {
    const complete = completeRows(dataset.rows, indices)
    const rows = takeRows(dataset.rows, complete)
    return {
      ...dataset,
      rows: { ...rows, label: rows.label as Float64Array },
      incomplete: indices.length - complete.length,
    }
  }
  return { training: part(training), heldOut: part(heldOut) }
}

/** Number of rows with label 1. */
export function positives(dataset: Dataset): number {
  let n = 0
  for (const y of dataset.rows.label) n += y
  return n
}
