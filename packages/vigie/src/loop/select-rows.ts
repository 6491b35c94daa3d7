import { labelTarget } from '../define/label.ts'
import type { Project } from '../define/project.ts'
import { entityNumbers } from '../domain/entities.ts'
import type { Seen } from '../domain/fingerprint.ts'
import { takeRows } from '../domain/frame.ts'
import type { Exposure } from '../domain/policy.ts'
import type { Evidence, Selection } from '../domain/promotion/evidence.ts'
import { enoughEvidence } from '../domain/promotion/preconditions.ts'
import { countSample } from '../domain/sample.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import type { Contest } from './contest.ts'
import type { Dataset } from './dataset.ts'
import { seenBy } from './unseen.ts'

/** The rows that two versions are compared on, and the proof of what these have seen of them. */
export interface SelectedRows {
  readonly rows: Dataset
  readonly selection: Selection
  readonly overlap: Evidence['overlap']
}

/**
 * Of the held-out rows those whose entities neither version was trained on; by the policy's `exposure` those that both
 * know from earlier dates. When they are too few for a verdict all rows are returned, with the overlap that makes the gate
 * hold.
 */
export async function selectRows(
  ports: Ports,
  project: Project,
  { champion, challenger }: Pick<Contest, 'champion' | 'challenger'>,
  heldOut: Dataset,
): Promise<SelectedRows> {
  const versions = champion ? [champion, challenger] : [challenger]
  const seen = await seenBy(ports, versions, heldOut)
  const overlap = overlapOf(champion, seen)
  const held = heldOut.rows.keys.length
  const exposure = exposureOf(project, versions, heldOut)
  const asSelected = (used: number): Selection => ({
    held,
    used,
    exposure,
    seenByChampion: overlap.champion,
    seenByChallenger: overlap.challenger,
  })
  const all = { rows: heldOut, selection: asSelected(held), overlap }
  const known = seen.filter((model) => model !== null)
  if (known.length < versions.length) return all
  const wanted = exposure === 'both' && champion ? 1 : 0
  if (wanted === 0 && known.every(({ shared }) => shared.entities === 0)) return all

  const kept = heldOut.rows.keys.map((_, i) => i).filter((i) => known.every(({ entities }) => entities[i] === wanted))
  const frame = takeRows(heldOut.rows, kept)
  const label = frame.label as Float64Array
  const sample = countSample(labelTarget(project.label), label, entityNumbers(frame.keys))
  if (!enoughEvidence({ ...sample, maturedShare: heldOut.labelledShare }, project.promotion)) return all
  const rows = { ...heldOut, rows: { ...frame, label } }
  // Proven again on the rows that are left, whatever was dropped.
  const proof = overlapOf(champion, await seenBy(ports, versions, rows))
  return { rows, selection: asSelected(kept.length), overlap: proof }
}

/** What both know from earlier dates can be compared on only at a date after both trainings. */
function exposureOf(project: Project, versions: readonly ModelVersion[], { asOf }: Dataset): Exposure {
  const later = versions.every((version) => version.trainedAsOf < asOf)
  return project.promotion.exposure === 'both' && later ? 'both' : 'neither'
}

function overlapOf(champion: ModelVersion | null, seen: readonly (Seen | null)[]): Evidence['overlap'] {
  const [first, second] = seen.map((model) => (model === null ? null : model.shared))
  return champion ? { champion: first!, challenger: second! } : { champion: null, challenger: first! }
}
