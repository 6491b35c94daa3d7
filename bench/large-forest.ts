// What a forest of a million rows costs beside scikit-learn's: 4 trees on 28 features, 20 rows in a leaf at least, turn
// by turn in one run on one machine, each turn with another seed. Installs scikit-learn from PyPI into a temporary folder.
// Prints one JSON line: medians, means of the AUC, and how much faster two threads are than one.
//
//   node scripts/run.mjs bench/large-forest.ts [rounds] [rows]
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { workerThreads } from '../packages/vigie/src/adapters/threads/threads.ts'
import { auc } from '../packages/vigie/src/domain/metrics/auc.ts'
import { TRUE_OR_FALSE } from '../packages/vigie/src/domain/model/target.ts'
import { randomForest } from '../packages/vigie/src/domain/trainer.ts'
import { median, rounded } from './figures.ts'
import { machine } from './machine.ts'
import { pythonPeer, pythonWith } from './python-peer.ts'
import { syntheticRows, writeParts } from './synthetic-rows.ts'

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

const parts = syntheticRows({ rows: trainingRows, test: trainingRows / 5, features: FEATURES, nulls: 0 })
const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-bench-large-forest-'))
try {
  writeParts(folder, parts)
  const python = pythonWith(folder, ['scikit-learn==1.9.1'])
  const scikitLearn = pythonPeer(python, 'large_forest.py', [folder, FEATURES, TREES, ROWS_IN_LEAF])
  const one: Figures[] = []
  const two: Figures[] = []
  const theirs: Figures[] = []
  for (let round = 0; round < rounds; round++) {
    one.push(await fitHere(1, round))
    two.push(await fitHere(2, round))
    theirs.push(await scikitLearn.ask<Figures>(String(round)))
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
    rows: parts.training,
    target: TRUE_OR_FALSE,
    threshold: 0.5,
    trainingRowsHash: '00'.repeat(32),
    definitionHash: '00'.repeat(32),
  })
  const { user, system } = process.cpuUsage(cpu)
  const scores = await compute.run('score', { artefact: bytes, rows: parts.test })
  await compute.close()
  return { cpuSeconds: (user + system) / 1e6, seconds, auc: auc(parts.test.label!, scores) }
}

function figuresOf(figures: readonly Figures[]): Figures {
  const mean = figures.reduce((sum, { auc: of }) => sum + of, 0) / figures.length
  return {
    cpuSeconds: rounded(median(figures.map(({ cpuSeconds }) => cpuSeconds))),
    seconds: rounded(median(figures.map(({ seconds }) => seconds))),
    auc: rounded(mean, 4),
  }
}
