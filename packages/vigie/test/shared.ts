import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../..')

/**
 * Path of a file outside the repository that some tests compare with: under `VIGIE_SHARED`, else in the folder `shared`
 * beside the repository. Null when it is not there; such tests are skipped.
 */
export function sharedPath(...parts: readonly string[]): string | null {
  const path = join(process.env.VIGIE_SHARED ?? join(root, '../shared'), ...parts)
  return existsSync(path) ? path : null
}
