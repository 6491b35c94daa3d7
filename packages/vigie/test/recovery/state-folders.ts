import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { stopPostgres } from '../../src/adapters/postgres/embedded/index.ts'

/** Temporary state folders for Postgres, whose servers are stopped and which are removed after the file's tests. */
export function stateFolders(): (name: string) => string {
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'vigie-test-')))
  // Another user has to pass through it to its own data.
  chmodSync(base, 0o711)
  const roots = new Set<string>()
  afterAll(async () => {
    for (const root of roots) await stopPostgres({ root })
    rmSync(base, { recursive: true, force: true })
  })
  return (name) => {
    const root = path.join(base, name)
    roots.add(root)
    return root
  }
}
