import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import { hasCode, VigieError } from '../errors.ts'
import type { CheckedFile } from '../ports/compute.ts'
import type { Ports } from '../ports/ports.ts'
import { checkEnds, type Findings } from './findings.ts'

/**
 * Checks the file of every source against its contract, all at once, after the delivery's manifest. What is left in
 * `staged` is said by the task `checkCsv`. Returns the files in the order of the definition.
 *
 * @throws what is wrong with the manifest; else with the first refused file in that order, where `alsoRefused` in the
 *   details names the others, so that a supplier can mend all of them at once
 */
export async function validate(
  ports: Pick<Ports, 'compute'>,
  project: Project,
  { dir, staged, asOf }: { readonly dir: string; readonly staged: string; readonly asOf: AsOf },
  findings: Findings,
): Promise<readonly CheckedFile[]> {
  const { manifest: wanted, maxBytes } = project.snapshots
  const manifest = await ports.compute.run('readManifest', { dir, asOf, required: wanted === 'required' })
  const checks = Object.values(project.sources).map((contract) =>
    ports.compute.run('checkCsv', {
      dir,
      contract,
      stagedDir: staged,
      asOf,
      manifest,
      ...(maxBytes === undefined ? {} : { maxBytes }),
    }),
  )
  const ended = await Promise.allSettled(checks)
  findings.checks = checkEnds(Object.keys(project.sources), ended)
  const refusals = ended.flatMap((check) => (check.status === 'rejected' ? [check.reason] : []))
  if (refusals.length > 0) throw together(refusals)
  return ended.flatMap((check) => (check.status === 'fulfilled' ? [check.value] : []))
}

function together([first, ...others]: readonly unknown[]): unknown {
  const alsoRefused = others.filter((error) => hasCode(error)).map(({ code, message }) => ({ code, message }))
  if (!hasCode(first) || alsoRefused.length === 0) return first
  const { code, message, hint, details } = first
  return new VigieError(code, message, { ...details, hint, alsoRefused, cause: first })
}
