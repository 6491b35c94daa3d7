import path from 'node:path'
import type { Project } from '../define/project.ts'
import { hasCode, VigieError } from '../errors.ts'
import type { CheckedFile } from '../ports/compute.ts'
import type { Ports } from '../ports/ports.ts'
import type { TableFile } from '../ports/snapshots.ts'
import { allEnded } from './all-ended.ts'

/** One file of a delivery: as it was delivered, copied and imported. */
export interface ImportedFile {
  readonly checked: CheckedFile
  readonly delivered: string
  readonly copy: string
  readonly table: TableFile
}

/**
 * Checks that no key repeats within a file, and that each is in the file that lists all of them. A refused file is kept
 * in `quarantine`, like one that breaks a rule by itself.
 *
 * @throws `duplicate_key`, `duplicate_after_normalisation`, `entity_unknown`
 */
export async function checkKeys(
  ports: Pick<Ports, 'offline' | 'compute' | 'staging'>,
  project: Project,
  imported: ReadonlyMap<string, ImportedFile>,
): Promise<void> {
  await allEnded(
    Object.values(project.sources).map(async ({ name, key, listedIn }) => {
      const file = imported.get(name)!
      const listed = listedIn === null ? null : imported.get(listedIn)!.table
      try {
        await ports.offline.checkKeys(file.table, name, key, listed)
      } catch (error) {
        throw hasCode(error) && error.kind === 'rejected' ? await kept(ports, file, error) : error
      }
    }),
  )
}

async function kept(
  ports: Pick<Ports, 'compute' | 'staging'>,
  { checked: { sha256, bytes }, delivered, copy }: ImportedFile,
  { code, message, hint, details }: VigieError,
): Promise<VigieError> {
  const quarantined = await ports.compute.run('quarantine', {
    folder: path.join(ports.staging, 'quarantine'),
    copy,
    delivered: { file: delivered, sha256, bytes },
    refusal: { code, message, hint, details },
  })
  return new VigieError(code, message, { ...details, hint, quarantined })
}
