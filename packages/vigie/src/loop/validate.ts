import path from 'node:path'
import type { Project } from '../define/project.ts'
import type { AsOf } from '../domain/as-of.ts'
import { hasCode, VigieError } from '../errors.ts'
import type { CheckedFile } from '../ports/compute.ts'
import type { Ports } from '../ports/ports.ts'

/**
 * Checks `<dir>/<source>.csv` of every source against its contract, all at once, and copies each to
 * `<staged>/<sha256>.csv`. Returns them in the order of the definition.
 *
 * @throws what is wrong with the first refused file in that order; `alsoRefused` in its details names the others, so
 *   that a supplier can mend all of them at once
 */
export async function validate(
  ports: Pick<Ports, 'compute'>,
  project: Project,
  { dir, staged, asOf }: { readonly dir: string; readonly staged: string; readonly asOf: AsOf },
): Promise<readonly CheckedFile[]> {
  const checks = Object.values(project.sources).map((contract) =>
    ports.compute.run('checkCsv', { file: path.join(dir, `${contract.name}.csv`), contract, asOf, stagedDir: staged }),
  )
  const ended = await Promise.allSettled(checks)
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
