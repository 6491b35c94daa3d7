import { labelTarget } from '../define/label.ts'
import type { Project } from '../define/project.ts'
import { entityNumbers } from '../domain/entities.ts'
import type { Shared } from '../domain/fingerprint.ts'
import { takeRows } from '../domain/frame.ts'
import type { Exposure } from '../domain/policy.ts'
import type { Evidence, Selection } from '../domain/promotion/evidence.ts'
import { enoughEvidence } from '../domain/promotion/preconditions.ts'
import { countSample } from '../domain/sample.ts'
import type { Ports } from '../ports/ports.ts'
import type { ModelVersion } from '../ports/registry.ts'
import type { Contest } from './contest.ts'
import type { Dataset } from './dataset.ts'
import { seenBy, trainingFingerprints } from './unseen.ts'

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
  const overlap = await overlapWith(ports, champion, challenger, heldOut)
  const held = heldOut.rows.keys.length
  const versions = champion ? [champion, challenger] : [challenger]
  const exposure = exposureOf(project, versions, heldOut)
  const asSelected = (used: number): Selection => ({
    held,
    used,
    exposure,
    seenByChampion: overlap.champion,
    seenByChallenger: overlap.challenger,
  })
  const all = { rows: heldOut, selection: asSelected(held), overlap }
  const shared = champion ? [overlap.champion, overlap.challenger] : [overlap.challenger]
  if (shared.includes(null)) return all
  const wanted = exposure === 'both' && champion ? 1 : 0
  if (wanted === 0 && shared.every((known) => known!.entities === 0)) return all

  const masks = await Promise.all(versions.map((version) => seenMask(ports, version, heldOut.rows.keys)))
  const kept = heldOut.rows.keys.map((_, i) => i).filter((i) => masks.every((mask) => mask[i] === wanted))
  const frame = takeRows(heldOut.rows, kept)
  const label = frame.label as Float64Array
  const sample = countSample(labelTarget(project.label), label, entityNumbers(frame.keys))
  if (!enoughEvidence({ ...sample, maturedShare: heldOut.labelledShare }, project.promotion)) return all
  const rows = { ...heldOut, rows: { ...frame, label } }
  return {
    rows,
    selection: asSelected(kept.length),
    overlap: await overlapWith(ports, champion, challenger, rows),
  }
}

/** What both know from earlier dates can be compared on only at a date after both trainings. */
function exposureOf(project: Project, versions: readonly ModelVersion[], { asOf }: Dataset): Exposure {
  const later = versions.every((version) => version.trainedAsOf < asOf)
  return project.promotion.exposure === 'both' && later ? 'both' : 'neither'
}

async function overlapWith(
  ports: Ports,
  champion: ModelVersion | null,
  challenger: ModelVersion,
  { rows: { keys }, asOf }: Dataset,
): Promise<{ readonly champion: Shared | null; readonly challenger: Shared | null }> {
  const { secret } = ports.fingerprintKey
  const rows = { keys, fingerprints: await ports.compute.run('fingerprints', { secret, keys, asOf }) }
  return {
    champion: champion && (await seenBy(ports, champion, rows)),
    challenger: await seenBy(ports, challenger, rows),
  }
}

async function seenMask(ports: Ports, version: ModelVersion, keys: readonly string[]): Promise<Uint8Array> {
  const fingerprints = (await trainingFingerprints(ports, version))!
  return ports.compute.run('seenRows', { fingerprints, secret: ports.fingerprintKey.secret, keys })
}
