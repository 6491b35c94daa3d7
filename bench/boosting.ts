// What boosting costs beside LightGBM in one thread: 100 trees of 31 leaves on 5,282 rows of 14 features, and 20 on a
// million rows of 28, turn by turn in one run on one machine. Installs LightGBM from PyPI into a temporary folder.
// Prints one JSON line for each size: medians, with the CPU of binning and fitting. `fresh` starts the threads anew.
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

interface Figures {
  readonly cpuSeconds: number
  readonly seconds: number
  readonly auc: number
}

const LIGHTGBM = '4.7.0'
const rounds = Number(process.argv[2] ?? 5)
const largeRows = Number(process.argv[3] ?? 1_000_000)

const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-bench-boosting-'))
try {
  const python = path.join(folder, 'venv/bin/python')
  execFileSync('python3', ['-m', 'venv', path.join(folder, 'venv')])
  const packages = [`lightgbm==${LIGHTGBM}`, 'scikit-learn==1.9.1']
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'inherit' })
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
  const lightgbm = startLightgbm(python, training, test, size.trees)
  const one = workerThreads({ threads: 1 })
  const figures: { ours: Figures[]; fresh: Figures[]; twoThreads: Figures[]; theirs: Figures[] } = {
    ours: [],
    fresh: [],
    twoThreads: [],
    theirs: [],
  }
  // The first fits compile; a loop that runs for long has that behind it.
  await fitHere(one, training, test, size.trees)
  for (let round = 0; round < rounds; round++) {
    figures.ours.push(await fitHere(one, training, test, size.trees))
    figures.theirs.push(await lightgbm.fit())
    figures.fresh.push(await fitFresh(1, training, test, size.trees))
    figures.twoThreads.push(await fitFresh(2, training, test, size.trees))
  }
  lightgbm.end()
  await one.close()
  const { ours, fresh, twoThreads, theirs } = figures
  process.stdout.write(
    `${JSON.stringify({
      bench: 'boosting',
      ...machine(),
      ...size,
      rounds,
      cpuRatio: rounded(median(ours.map(({ cpuSeconds }, i) => cpuSeconds / theirs[i]!.cpuSeconds))),
      freshCpuRatio: rounded(median(fresh.map(({ cpuSeconds }, i) => cpuSeconds / theirs[i]!.cpuSeconds))),
      twoThreadsFaster: rounded(median(fresh.map(({ seconds }, i) => seconds / twoThreads[i]!.seconds))),
      vigie: medians(ours),
      fresh: medians(fresh),
      twoThreads: medians(twoThreads),
      lightgbm: medians(theirs),
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
  const scores = await compute.run('score', { artefact: bytes, rows: test })
  return { cpuSeconds: (user + system) / 1e6, seconds, auc: auc(test.label!, scores) }
}

/** A Python process that reads the same rows from files, a column after the other, null as NaN. */
function startLightgbm(python: string, training: Frame, test: Frame, trees: number) {
  for (const [name, { columns, label }] of Object.entries({ training, test })) {
    writeFileSync(
      path.join(folder, name),
      Buffer.concat([...columns, label!].map((column) => Buffer.from(column.buffer))),
    )
  }
  const args = [
    path.join(import.meta.dirname, 'lightgbm_boosting.py'),
    folder,
    String(training.columns.length),
    String(trees),
  ]
  const child = spawn(python, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    fit: async (): Promise<Figures> => {
      child.stdin.write('\n')
      const { value, done } = await lines.next()
      if (done) throw new Error('LightGBM ended early: see its message above')
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
  return { cpuSeconds: of((f) => f.cpuSeconds), seconds: of((f) => f.seconds), auc: of((f) => f.auc) }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits))
}
