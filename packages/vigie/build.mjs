// What `npm pack` runs: compiles the sources to dist and copies what the compiler does not emit.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const here = import.meta.dirname
const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
fs.rmSync(path.join(here, 'dist'), { recursive: true, force: true })
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: here, stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)
fs.cpSync(path.join(here, 'src/adapters/postgres/migrations'), path.join(here, 'dist/adapters/postgres/migrations'), {
  recursive: true,
  filter: (file) => !file.endsWith('.ts'),
})
