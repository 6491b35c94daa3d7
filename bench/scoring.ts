// What an answer costs: one row, and many, of 300 full-depth trees fitted on 5,282 rows of 14 features, beside
// onnxruntime-node on the same forest, turn by turn in one run on one machine. Installs onnxruntime-node from npm into a
// temporary folder. Prints one JSON line.
//
//   node scripts/run.mjs bench/scoring.ts [onnxruntime-node's folder, when it is installed already]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { exportOnnx } from '../packages/vigie/src/adapters/onnx/export-model.ts'
import { workerThreads } from '../packages/vigie/src/adapters/threads/threads.ts'
import type { FeatureSpec } from '../packages/vigie/src/domain/feature-spec.ts'
import { parseArtefact } from '../packages/vigie/src/domain/model/artefact.ts'
import { scoreColumns, scoreRow } from '../packages/vigie/src/domain/model/model.ts'
import { TRUE_OR_FALSE } from '../packages/vigie/src/domain/model/target.ts'
import { seededRandom } from '../packages/vigie/src/domain/random.ts'
import { randomForest } from '../packages/vigie/src/domain/trainer.ts'
import { machine } from './machine.ts'

/** What is used of onnxruntime-node. */
interface OnnxRuntime {
  readonly InferenceSession: { create(bytes: Uint8Array, options: object): Promise<Session> }
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => object
}
interface Session {
  run(feeds: Record<string, object>): Promise<Record<string, { readonly data: Float32Array }>>
}

const ONNX_RUNTIME = 'onnxruntime-node@1.30.0'
const FEATURES = 14
const ROWS = 5282
const ASKED = 2000
const BATCH = 100_000

const random = seededRandom(2024)
const spec: FeatureSpec = Array.from({ length: FEATURES }, (_, f) => ({
  name: `v.f${f}`,
  view: 'v',
  feature: `f${f}`,
  type: 'float',
  optional: true,
}))
const columns = spec.map(() => Float64Array.from({ length: ROWS }, () => Math.fround(random.unit() * 50)))
const label = Float64Array.from({ length: ROWS }, (_, i) =>
  random.unit() < 1 / (1 + Math.exp((columns[0]![i]! - columns[1]![i]!) / 12)) ? 1 : 0,
)
const rows = { spec, keys: Array.from({ length: ROWS }, (_, i) => `user-${i}`), columns, label }

const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-bench-scoring-'))
try {
  const compute = workerThreads()
  const { bytes, sha256 } = await compute.run('fit', {
    trainer: randomForest({ trees: 300 }),
    rows,
    target: TRUE_OR_FALSE,
    threshold: 0.5,
    trainingRowsHash: '00'.repeat(32),
    definitionHash: '00'.repeat(32),
  })
  await compute.close()
  const model = parseArtefact(bytes)
  const { InferenceSession, Tensor } = onnxRuntime(process.argv[2] ?? installed())
  const session = await InferenceSession.create(exportOnnx(model, { name: 'bench', version: 1, sha256 }), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  })
  const asked = Array.from({ length: ASKED }, () => Float64Array.from(spec, () => Math.fround(random.unit() * 50)))
  const out = new Float64Array(1)
  const ours: number[] = []
  const theirs: number[] = []
  let apart = 0
  // The first half warms up.
  for (const [i, row] of [...asked, ...asked].entries()) {
    const begun = performance.now()
    scoreRow(model, row, out)
    const between = performance.now()
    const answer = await session.run({ features: new Tensor('float32', Float32Array.from(row), [1, FEATURES]) })
    const ended = performance.now()
    apart = Math.max(apart, Math.abs(answer.probabilities!.data[1]! - out[0]!))
    if (i < ASKED) continue
    ours.push(1000 * (between - begun))
    theirs.push(1000 * (ended - between))
  }
  const batch = spec.map(() => Float64Array.from({ length: BATCH }, () => random.unit() * 50))
  scoreColumns(model, batch, BATCH)
  const cpu = process.cpuUsage()
  scoreColumns(model, batch, BATCH)
  const { user, system } = process.cpuUsage(cpu)
  process.stdout.write(
    `${JSON.stringify({
      bench: 'scoring',
      ...machine(),
      nodes: model.body.kind === 'forest' ? model.body.forest.words.length / 4 : 0,
      apart,
      oneRowMicros: { vigie: quantiles(ours), onnxRuntime: quantiles(theirs) },
      batchRowsPerCpuSecond: Math.round(BATCH / ((user + system) / 1e6)),
    })}\n`,
  )
} finally {
  rmSync(folder, { recursive: true })
}

function installed(): string {
  // Its scripts fetch what only graphics cards need.
  const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  execFileSync('npm', ['install', '--prefix', folder, ...flags, ONNX_RUNTIME], { stdio: ['ignore', 2, 2] })
  return folder
}

function onnxRuntime(where: string): OnnxRuntime {
  return createRequire(path.join(path.resolve(where), 'package.json'))('onnxruntime-node')
}

function quantiles(micros: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = micros.toSorted((a, b) => a - b)
  const at = (share: number): number => Number(sorted[Math.floor(share * sorted.length)]!.toPrecision(3))
  return { p50: at(0.5), p99: at(0.99) }
}
