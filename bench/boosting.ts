// What boosting costs beside LightGBM, XGBoost and scikit-learn in one thread: 100 trees of 31 leaves on 5,282 rows of 14
// features, and 20 on a million rows of 28, turn by turn in one run on one machine. Installs them from PyPI into a
// temporary folder. Prints one JSON line for each size: medians, with the CPU of binning and fitting, and the megabytes
// by which the process grew at its most in the first fit, the rows not counted. `fresh` starts the threads anew.
//
//   node scripts/run.mjs bench/boosting.ts [rounds] [rows of the large one]
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { workerThreads } from '../packages/vigie/src/adapters/threads/threads.ts'
import type { FeatureSpec } from '../packages/vigie/src/domain/feature-spec.ts'
import { type Frame, takeRows } from '../packages/vigie/src/domain/frame.ts'
import { auc } from '../packages/vigie/src/domain/metrics/auc.ts'
import { TRUE_OR_FALSE } from '../packages/vigie/src/domain/model/target.ts'
import { seededRandom } from '../packages/vigie/src/domain/random.ts'
import { gradientBoosting } from '../packages/vigie/src/domain/trainer.ts'
import type { Compute } from '../packages/vigie/src/ports/compute.ts'
import { machine } from './machine.ts'
import { peakMemory } from './peak-memory.ts'

interface Figures {
  readonly cpuSeconds: number
  readonly seconds: number
  readonly megabytes: number
  readonly auc: number
}

const PACKAGES = ['lightgbm==4.7.0', 'xgboost-cpu==3.2.0', 'scikit-learn==1.9.1']
const PEERS = ['lightgbm', 'xgboost', 'scikitLearn'] as const
type Peer = (typeof PEERS)[number]

const rounds = Number(process.argv[2] ?? 5)
const largeRows = Number(process.argv[3] ?? 1_000_000)

const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-bench-boosting-'))
try {
  const python = path.join(folder, 'venv/bin/python')
  execFileSync('python3', ['-m', 'venv', path.join(folder, 'venv')])
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES], { stdio: 'inherit' })
  await sideBySide(python, { rows: 5282, test: 1761, features: 14, trees: 100, nulls: 0.05 })
  await sideBySide(python, { rows: largeRows, test: largeRows / 5, features: 28, trees: 20, nulls: 0 })
} finally {
  rmSync(folder, { recursive: true })
}

interface Size {
  readonly rows: number
  readonly test: number
  readonly features: number
  readonly trees: number
  readonly nulls: number
}

async function sideBySide(python: string, size: Size): Promise<void> {
  const { training, test } = parted(syntheticRows(size), size.rows)
  const peers = startPeers(python, training, test, size.trees)
  const one = workerThreads({ threads: 1 })
  const ours: Figures[] = []
  const fresh: Figures[] = []
  const twoThreads: Figures[] = []
  const theirs: Record<Peer, Figures[]> = { lightgbm: [], xgboost: [], scikitLearn: [] }
  // The first fits compile; a loop that runs for long has that behind it.
  const first = await fitHere(one, training, test, size.trees)
  for (let round = 0; round < rounds; round++) {
    ours.push(await fitHere(one, training, test, size.trees))
    for (const peer of PEERS) theirs[peer].push(await peers.fit(peer))
    fresh.push(await fitFresh(1, training, test, size.trees))
    twoThreads.push(await fitFresh(2, training, test, size.trees))
  }
  peers.end()
  await one.close()
  const ratioTo = (figures: readonly Figures[], peer: Peer): number =>
    rounded(median(figures.map(({ cpuSeconds }, i) => cpuSeconds / theirs[peer][i]!.cpuSeconds)))
  process.stdout.write(
    `${JSON.stringify({
      bench: 'boosting',
      ...machine(),
      ...size,
      rounds,
      cpuRatio: Object.fromEntries(PEERS.map((peer) => [peer, ratioTo(ours, peer)])),
      freshCpuRatio: Object.fromEntries(PEERS.map((peer) => [peer, ratioTo(fresh, peer)])),
      twoThreadsFaster: rounded(median(fresh.map(({ seconds }, i) => seconds / twoThreads[i]!.seconds))),
      rawFloat32Megabytes: rounded((size.rows * size.features * 4) / 2 ** 20),
      firstFitMegabytes: {
        vigie: Math.round(first.megabytes),
        ...Object.fromEntries(PEERS.map((peer) => [peer, Math.round(theirs[peer][0]!.megabytes)])),
      },
      vigie: medians(ours),
      fresh: medians(fresh),
      twoThreads: medians(twoThreads),
      ...Object.fromEntries(PEERS.map((peer) => [peer, medians(theirs[peer])])),
    })}\n`,
  )
}

async function fitFresh(threads: number, training: Frame, test: Frame, trees: number): Promise<Figures> {
  const compute = workerThreads({ threads })
  const figures = await fitHere(compute, training, test, trees)
  await compute.close()
  return figures
}

async function fitHere(compute: Compute, training: Frame, test: Frame, trees: number): Promise<Figures> {
  const memory = peakMemory()
  const cpu = process.cpuUsage()
  const { bytes, seconds } = await compute.run('fit', {
    trainer: gradientBoosting({ rounds: trees, leaves: 31, learningRate: 0.1 }),
    rows: training,
    threshold: 0.5,
    target: TRUE_OR_FALSE,
    trainingRowsHash: '00'.repeat(32),
    definitionHash: '00'.repeat(32),
  })
  const { user, system } = process.cpuUsage(cpu)
  const megabytes = memory.grown()
  const scores = await compute.run('score', { artefact: bytes, rows: test })
  return { cpuSeconds: (user + system) / 1e6, seconds, megabytes, auc: auc(test.label!, scores) }
}

/** A Python process that reads the same rows from files, a column after the other, null as NaN. */
function startPeers(python: string, training: Frame, test: Frame, trees: number) {
  for (const [name, { columns, label }] of Object.entries({ training, test })) {
    writeFileSync(
      path.join(folder, name),
      Buffer.concat([...columns, label!].map((column) => Buffer.from(column.buffer))),
    )
  }
  const script = path.join(import.meta.dirname, 'boosting_peers.py')
  const child = spawn(python, [script, folder, String(training.columns.length), String(trees)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    fit: async (peer: Peer): Promise<Figures> => {
      child.stdin.write(`${peer}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error('the peers ended early: see their message above')
      return JSON.parse(value)
    },
    end: () => child.stdin.end(),
  }
}

/** Numbers, half of them whole, and a label that depends on ten of them and two products. */
function syntheticRows({ rows, test, features, nulls }: Size): Frame {
  const random = seededRandom(2024)
  const count = rows + test
  const columns = Array.from({ length: features }, () => new Float64Array(count))
  const label = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    let logit = -0.4
    for (let f = 0; f < features; f++) {
      const drawn = random.unit() + random.unit() + random.unit()
      columns[f]![i] = random.unit() < nulls ? Number.NaN : f % 2 === 0 ? drawn : Math.floor(24 * drawn)
      if (f < 10) logit += (drawn - 1.5) * (f % 3 === 0 ? 1.2 : -0.6)
      if (f === 2 || f === 5) logit += (drawn - 1.3) * (f === 2 ? columns[0]![i]! || 0 : 1) * 0.9
    }
    label[i] = random.unit() < 1 / (1 + Math.exp(-logit)) ? 1 : 0
  }
  const spec: FeatureSpec = columns.map((_, f) => ({
    name: `v.f${f}`,
    view: 'v',
    feature: `f${f}`,
    type: f % 2 === 0 ? 'float' : 'int',
    optional: nulls > 0,
  }))
  return { spec, keys: Array.from({ length: count }, (_, i) => `user-${i}`), columns, label }
}

function parted(rows: Frame, training: number): { readonly training: Frame; readonly test: Frame } {
  const all = Array.from(rows.keys.keys())
  return { training: takeRows(rows, all.slice(0, training)), test: takeRows(rows, all.slice(training)) }
}

function medians(figures: readonly Figures[]): Figures {
  const of = (pick: (figure: Figures) => number): number => rounded(median(figures.map(pick)), 4)
  return {
    cpuSeconds: of((f) => f.cpuSeconds),
    seconds: of((f) => f.seconds),
    megabytes: of((f) => f.megabytes),
    auc: of((f) => f.auc),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits))
}
