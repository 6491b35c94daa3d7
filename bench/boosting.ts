// What boosting costs beside LightGBM, XGBoost and scikit-learn in one thread: 100 trees of 31 leaves on 5,282 rows of 14
// features, and 20 on a million rows of 28, turn by turn in one run on one machine. Installs them from PyPI into a
// temporary folder. Prints one JSON line for each size: medians, with the CPU of binning and fitting, and the megabytes
// by which the process grew at its most in the first fit, the rows not counted. `fresh` starts the threads anew.
//
//   node scripts/run.mjs bench/boosting.ts [rounds] [rows of the large one]
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { workerThreads } from '../packages/vigie/src/adapters/threads/threads.ts'
import type { Frame } from '../packages/vigie/src/domain/frame.ts'
import { auc } from '../packages/vigie/src/domain/metrics/auc.ts'
import { TRUE_OR_FALSE } from '../packages/vigie/src/domain/model/target.ts'
import { gradientBoosting } from '../packages/vigie/src/domain/trainer.ts'
import type { Compute } from '../packages/vigie/src/ports/compute.ts'
import { median, rounded } from './figures.ts'
import { machine } from './machine.ts'
import { peakMemory } from './peak-memory.ts'
import { pythonPeer, pythonWith } from './python-peer.ts'
import { type Size, syntheticRows, writeParts } from './synthetic-rows.ts'

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
  const python = pythonWith(folder, PACKAGES)
  await sideBySide(python, { rows: 5282, test: 1761, features: 14, trees: 100, nulls: 0.05 })
  await sideBySide(python, { rows: largeRows, test: largeRows / 5, features: 28, trees: 20, nulls: 0 })
} finally {
  rmSync(folder, { recursive: true })
}

async function sideBySide(python: string, size: Size & { readonly trees: number }): Promise<void> {
  const { training, test } = syntheticRows(size)
  writeParts(folder, { training, test })
  const peers = pythonPeer(python, 'boosting_peers.py', [folder, size.features, size.trees])
  const one = workerThreads({ threads: 1 })
  const ours: Figures[] = []
  const fresh: Figures[] = []
  const twoThreads: Figures[] = []
  const theirs: Record<Peer, Figures[]> = { lightgbm: [], xgboost: [], scikitLearn: [] }
  // The first fits compile; a loop that runs for long has that behind it.
  const first = await fitHere(one, training, test, size.trees)
  for (let round = 0; round < rounds; round++) {
    ours.push(await fitHere(one, training, test, size.trees))
    for (const peer of PEERS) theirs[peer].push(await peers.ask(peer))
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

function medians(figures: readonly Figures[]): Figures {
  const of = (pick: (figure: Figures) => number): number => rounded(median(figures.map(pick)), 4)
  return {
    cpuSeconds: of((f) => f.cpuSeconds),
    seconds: of((f) => f.seconds),
    megabytes: of((f) => f.megabytes),
    auc: of((f) => f.auc),
  }
}
