// npm run check: types, lint with import directions and cycles, and a lock file that holds every platform.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const steps = [
  ['types', 'node_modules/typescript/bin/tsc', '-p', '.'],
  ['lint, import directions, cycles', 'node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  ['lock file', 'scripts/check-lock.mjs'],
  ['page of errors', '--conditions=vigie-source', 'scripts/error-page.ts', '--check'],
  ['third-party notices', 'scripts/notices.mjs', '--check'],
]

let failed = 0
for (const [name, ...argv] of steps) {
  const { status } = spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit' })
  process.stderr.write(`${status === 0 ? 'passed' : 'FAILED'}  ${name}\n`)
  if (status !== 0) failed = 1
}
process.exitCode = failed
