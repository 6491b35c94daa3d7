// What a forest of a million rows costs beside scikit-learn's: 4 trees on 28 features, 20 rows in a leaf at least, turn
// by turn in one run on one machine, each turn with another seed. Installs scikit-learn from PyPI into a temporary folder.
// Prints one JSON line: medians, means of the AUC, and how much faster two threads are than one.
//
//   node scripts/run.mjs bench/large-forest.ts [rounds] [rows]
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
import { randomForest } from '../packages/vigie/src/domain/trainer.ts'
import { machine } from './machine.ts'

interface Figures {
  readonly cpuSeconds: number
  readonly seconds: number
  readonly auc: number
}

const FEATURES = 28
const TREES = 4
const ROWS_IN_LEAF = 20
const rounds = Number(process.argv[2] ?? 5)
const trainingRows = Number(process.argv[3] ?? 1_000_000)

const all = syntheticRows(trainingRows * 1.2)
const training = takeRows(all, range(0, trainingRows))
const test = takeRows(all, range(trainingRows, trainingRows * 1.2))
const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-bench-large-forest-'))
try {
  const scikitLearn = startScikitLearn()
  const one: Figures[] = []
  const two: Figures[] = []
  const theirs: Figures[] = []
  for (let round = 0; round < rounds; round++) {
    one.push(await fitHere(1, round))
    two.push(await fitHere(2, round))
    theirs.push(await scikitLearn.fit(round))
  }
  scikitLearn.end()
  process.stdout.write(
    `${JSON.stringify({
      bench: 'large-forest',
      ...machine(),
      rounds,
      rows: trainingRows,
      cpuRatio: rounded(median(one.map(({ cpuSeconds }, i) => cpuSeconds / theirs[i]!.cpuSeconds))),
      twoThreadsFaster: rounded(median(one.map(({ seconds }, i) => seconds / two[i]!.seconds))),
      oneThread: figuresOf(one),
      twoThreads: figuresOf(two),
      scikitLearn: figuresOf(theirs),
    })}\n`,
  )
} finally {
  rmSync(folder, { recursive: true })
}

/** A fit with fresh threads: starting them is counted. */
async function fitHere(threads: number, seed: number): Promise<Figures> {
  const cpu = process.cpuUsage()
  const compute = workerThreads({ threads })
  const { bytes, seconds } = await compute.run('fit', {
    trainer: randomForest({ trees: TREES, minSamplesLeaf: ROWS_IN_LEAF, seed }),
    rows: training,
    target: TRUE_OR_FALSE,
    threshold: 0.5,
    trainingRowsHash: '00'.repeat(32),
    definitionHash: '00'.repeat(32),
  })
  const { user, system } = process.cpuUsage(cpu)
  const scores = await compute.run('score', { artefact: bytes, rows: test })
  await compute.close()
  return { cpuSeconds: (user + system) / 1e6, seconds, auc: auc(test.label!, scores) }
}

function startScikitLearn() {
  const python = path.join(folder, 'venv/bin/python')
  execFileSync('python3', ['-m', 'venv', path.join(folder, 'venv')])
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', 'scikit-learn==1.9.1'], { stdio: 'inherit' })
  for (const [name, { columns, label }] of Object.entries({ training, test })) {
    writeFileSync(path.join(folder, name), Buffer.concat([...columns, label!].map(({ buffer }) => Buffer.from(buffer))))
  }
  const script = path.join(import.meta.dirname, 'large_forest.py')
  const child = spawn(python, [script, folder, ...[FEATURES, TREES, ROWS_IN_LEAF].map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    fit: async (seed: number): Promise<Figures> => {
      child.stdin.write(`${seed}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error('scikit-learn ended early: see its message above')
      return JSON.parse(value)
    },
    end: () => child.stdin.end(),
  }
}

function syntheticRows(count: number): Frame {
  const random = seededRandom(2024)
  const columns = Array.from({ length: FEATURES }, () => new Float64Array(count))
  const label = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    let logit = -0.4
    for (let f = 0; f < FEATURES; f++) {
      const drawn = random.unit() + random.unit() + random.unit()
      columns[f]![i] = f % 2 === 0 ? drawn : Math.floor(24 * drawn)
      if (f < 10) logit += (drawn - 1.5) * (f % 3 === 0 ? 1.2 : -0.6)
    }
    label[i] = random.unit() < 1 / (1 + Math.exp(-logit)) ? 1 : 0
  }
  const spec: FeatureSpec = columns.map((_, f) => ({
    name: `v.f${f}`,
    view: 'v',
    feature: `f${f}`,
    type: f % 2 === 0 ? 'float' : 'int',
    optional: false,
  }))
  return { spec, keys: Array.from({ length: count }, (_, i) => `user-${i}`), columns, label }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

function figuresOf(figures: readonly Figures[]): Figures {
  const mean = figures.reduce((sum, { auc: of }) => sum + of, 0) / figures.length
  return {
    cpuSeconds: rounded(median(figures.map(({ cpuSeconds }) => cpuSeconds))),
    seconds: rounded(median(figures.map(({ seconds }) => seconds))),
    auc: rounded(mean, 4),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits))
}
