// What contributions to one row cost: 300 full-depth trees and 200 boosted trees of 8 leaves on 5,282 rows of 14 features,
// beside shap and LightGBM in one run, one thread each. Installs them from PyPI into a temporary folder.
// Prints one JSON line: CPU milliseconds a row, and the longest turn that the event loop waits for.
//
//   node scripts/run.mjs bench/explain.ts [rows]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { workerThreads } from '../packages/vigie/src/adapters/threads/threads.ts'
import type { FeatureSpec } from '../packages/vigie/src/domain/feature-spec.ts'
import { parseArtefact } from '../packages/vigie/src/domain/model/artefact.ts'
import type { Model } from '../packages/vigie/src/domain/model/model.ts'
import { TRUE_OR_FALSE } from '../packages/vigie/src/domain/model/target.ts'
import { seededRandom } from '../packages/vigie/src/domain/random.ts'
import { gradientBoosting, randomForest, type Trainer } from '../packages/vigie/src/domain/trainer.ts'
import { explainRow } from '../packages/vigie/src/loop/explain-row.ts'
import { machine } from './machine.ts'

const ROWS = 5282
const FEATURES = 14
const explained = Number(process.argv[2] ?? 100)

const random = seededRandom(1)
const columns = Array.from({ length: FEATURES }, (_, f) =>
  Float64Array.from({ length: ROWS }, () => (f % 3 === 0 ? random.below(20) : random.unit())),
)
const label = Float64Array.from({ length: ROWS }, (_, i) =>
  columns[1]![i]! + columns[2]![i]! * columns[4]![i]! + (random.unit() - 0.5) * 1.5 > 1 ? 1 : 0,
)
const spec: FeatureSpec = columns.map((_, f) => ({
  name: `v.f${f}`,
  view: 'v',
  feature: `f${f}`,
  type: 'float',
  optional: false,
}))

const threads = workerThreads({ threads: 1 })
const forest = await fitted(randomForest({ classWeight: 'balanced', seed: 1 }))
const boosted = await fitted(gradientBoosting())
await threads.close()
const ours = { forest: await timed(forest, explained), boosting: await timed(boosted, 20 * explained) }
process.stdout.write(`${JSON.stringify({ bench: 'explain', ...machine(), ours, theirs: peers() })}\n`)

async function fitted(trainer: Trainer): Promise<Model> {
  const rows = { spec, keys: Array.from(label, (_, i) => `user-${i}`), columns, label }
  const hashes = { trainingRowsHash: '0'.repeat(64), definitionHash: '0'.repeat(64) }
  const fit = await threads.run('fit', { trainer, rows, target: TRUE_OR_FALSE, threshold: 0.5, ...hashes })
  return parseArtefact(fit.bytes)
}

/** As the server does it. The first rows compile, and find what is the same for all. */
async function timed(model: Model, rows: number) {
  const row = (i: number) => Float64Array.from(columns, (column) => column[i]!)
  for (let i = 0; i < 20; i++) await explainRow(model, row(i), { columns: spec, shown: row(i) }, nextTurn)
  let longestTurnMs = 0
  let turn = performance.now()
  const pause = async () => {
    longestTurnMs = Math.max(longestTurnMs, performance.now() - turn)
    await nextTurn()
    turn = performance.now()
  }
  const before = process.cpuUsage()
  for (let i = 0; i < rows; i++) {
    turn = performance.now()
    await explainRow(model, row(i % ROWS), { columns: spec, shown: row(i % ROWS) }, pause)
    await pause()
  }
  const { user, system } = process.cpuUsage(before)
  return { cpuMsARow: (user + system) / 1e3 / rows, longestTurnMs }
}

function peers(): unknown {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-bench-explain-'))
  try {
    const python = path.join(folder, 'venv/bin/python')
    execFileSync('python3', ['-m', 'venv', path.join(folder, 'venv')])
    const packages = ['shap==0.51.0', 'lightgbm==4.7.0', 'scikit-learn==1.9.1']
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: ['ignore', 2, 'inherit'] })
    const data = path.join(folder, 'data.f64')
    writeFileSync(data, Buffer.concat([...columns, label].map(({ buffer }) => Buffer.from(buffer))))
    const script = path.join(import.meta.dirname, 'explain_peers.py')
    return JSON.parse(execFileSync(python, [script, data], { encoding: 'utf8' }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
