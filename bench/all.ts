// npm run bench: every figure that the README quotes, one JSON line each, one after the other.
import { spawnSync } from 'node:child_process'
import path from 'node:path'

for (const bench of [
  'loop.ts',
  'serve.ts',
  'training.ts',
  'large-forest.ts',
  'boosting.ts',
  'scoring.ts',
  'stores.ts',
  'join.ts',
  'ingest.ts',
  'online.ts',
  'evaluate.ts',
  'explain.ts',
]) {
  const file = path.join(import.meta.dirname, bench)
  const { status } = spawnSync(process.execPath, [...process.execArgv, file], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) process.exitCode = 1
}
