// tsc emits only what it compiles: kernels and the dashboard are copied beside it.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
fs.rmSync(new URL('./dist', import.meta.url), { recursive: true, force: true })
const r = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
  cwd: import.meta.dirname,
  stdio: 'inherit',
})
if (r.status !== 0) process.exit(r.status ?? 1)
fs.cpSync(
  path.join(import.meta.dirname, 'src/kernels/histogram.wasm'),
  path.join(import.meta.dirname, 'dist/kernels/histogram.wasm'),
)
