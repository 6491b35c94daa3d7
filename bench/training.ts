// What a fit costs beside scikit-learn's: 300 full-depth trees on 5,282 rows of 14 features, turn by turn in one run on
// one machine. Installs scikit-learn from PyPI into a temporary folder. Prints one JSON line of medians.
//
//   node scripts/run.mjs bench/training.ts [rounds]

import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import project from '../examples/streamflow/vigie.config.ts'
import { workerThreads } from '../packages/vigie/src/adapters/threads/threads.ts'
import { type Frame, takeRows } from '../packages/vigie/src/domain/frame.ts'
import { auc } from '../packages/vigie/src/domain/metrics/auc.ts'
import { parseArtefact } from '../packages/vigie/src/domain/model/artefact.ts'
import { type Model, scoreRow } from '../packages/vigie/src/domain/model/model.ts'
import { TRUE_OR_FALSE } from '../packages/vigie/src/domain/model/target.ts'
import { seededRandom } from '../packages/vigie/src/domain/random.ts'
import { randomForest } from '../packages/vigie/src/domain/trainer.ts'
import { median, rounded } from './figures.ts'
import { machine } from './machine.ts'
import { pythonPeer, pythonWith } from './python-peer.ts'

interface Figures {
  readonly cpuSeconds: number
  readonly seconds: number
  readonly auc: number
  readonly oneRowMicros: number
}

const TRAINING_ROWS = 5282
const TEST_ROWS = 1761
const SCIKIT_LEARN = '1.9.1'

const rounds = Number(process.argv[2] ?? 5)
const rows = syntheticUsers(TRAINING_ROWS + TEST_ROWS)
const training = takeRows(rows, range(0, TRAINING_ROWS))
const test = takeRows(rows, range(TRAINING_ROWS, TRAINING_ROWS + TEST_ROWS))

const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-bench-training-'))
try {
  const python = pythonWith(folder, [`scikit-learn==${SCIKIT_LEARN}`])
  const scikitLearn = pythonPeer(python, 'scikit_learn_forest.py')
  const [x, xTest] = [oneHot(training), oneHot(test)]
  scikitLearn.send(JSON.stringify({ x, y: [...training.label!], xTest, yTest: [...test.label!] }))
  const ours: Figures[] = []
  const theirs: Figures[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(await fitHere(round))
    theirs.push(await scikitLearn.ask<Figures>(String(round)))
  }
  scikitLearn.end()
  const cpuRatio = ours.map(({ cpuSeconds }, i) => cpuSeconds / theirs[i]!.cpuSeconds)
  process.stdout.write(
    `${JSON.stringify({
      bench: 'training',
      ...machine(),
      rounds,
      cpuRatio: rounded(median(cpuRatio)),
      vigie: medians(ours),
      scikitLearn: medians(theirs),
    })}\n`,
  )
} finally {
  rmSync(folder, { recursive: true })
}

/** A fit with fresh threads, as the loop does it: starting them is counted. */
async function fitHere(seed: number): Promise<Figures> {
  const cpu = process.cpuUsage()
  const compute = workerThreads()
  const { bytes, seconds } = await compute.run('fit', {
    trainer: randomForest({ trees: 300, classWeight: 'balanced', seed }),
    rows: training,
    threshold: 0.5,
    target: TRUE_OR_FALSE,
    trainingRowsHash: '00'.repeat(32),
    definitionHash: '00'.repeat(32),
  })
  const { user, system } = process.cpuUsage(cpu)
  const scores = await compute.run('score', { artefact: bytes, rows: test })
  await compute.close()

  const model = parseArtefact(bytes)
  const started = performance.now()
  for (let i = 0; i < TEST_ROWS; i++)
    answer(
      model,
      Float64Array.from(test.columns, (column) => column[i]!),
    )
  const oneRowMicros = ((performance.now() - started) / TEST_ROWS) * 1000
  return { cpuSeconds: (user + system) / 1e6, seconds, auc: auc(test.label!, scores), oneRowMicros }
}

/** The category one-hot and nulls as null. */
function oneHot({ spec, columns, keys }: Frame): (number | null)[][] {
  return keys.map((_, i) =>
    columns.flatMap((column, f) => {
      const value = column[i]!
      const categories = spec[f]!.categories
      if (categories) return categories.map((_, code) => Number(code === value))
      return [Number.isNaN(value) ? null : value]
    }),
  )
}

/** Users with the example's features, and a label that they explain about as well as the real ones do. */
function syntheticUsers(count: number): Frame {
  const random = seededRandom(2024)
  const { features } = project.model
  const columns = features.map(({ type, optional, categories }) =>
    Float64Array.from({ length: count }, () => {
      if (optional && random.unit() < 0.2) return Number.NaN
      if (type === 'category') return random.below(categories!.length)
      if (type === 'boolean') return random.below(2)
      const skewed = 72 * random.unit() ** 2
      return type === 'int' ? Math.floor(skewed) : Math.round(skewed * 100) / 100
    }),
  )
  const label = Float64Array.from({ length: count }, (_, i) => {
    const [months, fee] = [columns[0]![i]!, columns[1]![i]!]
    const logit = -1.6 - months / 12 + fee / 18 + columns[2]![i]!
    return random.unit() < 1 / (1 + Math.exp(-logit)) ? 1 : 0
  })
  return { spec: features, keys: Array.from({ length: count }, (_, i) => `user-${i}`), columns, label }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

function medians(figures: readonly Figures[]): Figures {
  const of = (pick: (figure: Figures) => number): number => rounded(median(figures.map(pick)))
  return {
    cpuSeconds: of((f) => f.cpuSeconds),
    seconds: of((f) => f.seconds),
    auc: of((f) => f.auc),
    oneRowMicros: of((f) => f.oneRowMicros),
  }
}

function answer(model: Model, row: Float64Array): number {
  const out = new Float64Array(1)
  scoreRow(model, row, out)
  return out[0]!
}
