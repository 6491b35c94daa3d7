// How often the gate promotes a challenger that is not better, in a year of weekly looks, and how often it finds one
// that is. Beside it the rule of the stack that Vigie replaces: promote when the AUC is higher by 0.01.
//
//   node scripts/run.mjs bench/gate.ts [years=10000] [--seed 1] [--keep FILE] [--threads N]
//
// Progress on stderr, a table as Markdown on stdout. `--keep` writes what is counted to a file, piece by piece; started
// again with it the bench goes on where it was. Exit 1 when a share is above what chance allows around 5 %.
import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { PLANTED, WORLDS } from './gate/cells.ts'
import type { Work } from './gate/worker.ts'
import { machine } from './machine.ts'

type Counts = Readonly<Record<string, number>>

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
    threads: { type: 'string', default: String(os.availableParallelism()) },
  },
})
const years = Number(positionals[0] ?? 10_000)
const seed = Number(values.seed)
const PIECES = 20

const work: Work[] = [
  ...WORLDS.flatMap((_, cell) => pieces('years', cell, years)),
  ...PLANTED.flatMap((_, cell) => pieces('planted', cell, Math.ceil(years / 2))),
]
const kept: Record<string, Counts> = values.keep && existsSync(values.keep) ? readKept(values.keep) : {}

const cpu = process.cpuUsage()
await Promise.all(Array.from({ length: Number(values.threads) }, () => oneThread(work)))
const { user, system } = process.cpuUsage(cpu)
report((user + system) / 1e6)

function pieces(kind: Work['kind'], cell: number, total: number): Work[] {
  const size = Math.ceil(total / PIECES)
  return Array.from({ length: Math.ceil(total / size) }, (_, i) => ({
    kind,
    cell,
    seed,
    from: i * size,
    to: Math.min(total, (i + 1) * size),
  }))
}

function nameOf({ kind, cell, seed, from, to }: Work): string {
  const what = kind === 'years' ? WORLDS[cell]!.name : JSON.stringify(PLANTED[cell])
  return `${kind} ${seed} ${from}-${to} ${what}`
}

function readKept(file: string): Record<string, Counts> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Counts>
}

async function oneThread(queue: readonly Work[]): Promise<void> {
  const worker = new Worker(new URL('./gate/worker.ts', import.meta.url))
  try {
    for (let piece = next(queue); piece; piece = next(queue)) {
      worker.postMessage(piece)
      const [counts] = await once(worker, 'message')
      kept[nameOf(piece)] = counts
      keep()
      process.stderr.write(`${Object.keys(kept).length} of ${queue.length}: ${nameOf(piece)}\n`)
    }
  } finally {
    await worker.terminate()
  }
}

function next(queue: readonly Work[]): Work | undefined {
  const piece = queue.find((candidate) => !(nameOf(candidate) in kept))
  // Taken, so that no other thread takes it; replaced by its counts.
  if (piece) kept[nameOf(piece)] = {}
  return piece
}

function keep(): void {
  if (!values.keep) return
  const counted = Object.fromEntries(Object.entries(kept).filter(([, counts]) => Object.keys(counts).length > 0))
  writeFileSync(`${values.keep}.new`, JSON.stringify(counted))
  renameSync(`${values.keep}.new`, values.keep)
}

function sum(kind: Work['kind'], cell: number, field: string): number {
  return work
    .filter((piece) => piece.kind === kind && piece.cell === cell)
    .reduce((total, piece) => total + kept[nameOf(piece)]![field]!, 0)
}

function report(cpuSeconds: number): void {
  const error = (share: number, n: number) => Math.sqrt((share * (1 - share)) / n)
  const shown = (share: number, n: number) => `${share.toFixed(4)} ± ${error(share, n).toFixed(4)}`
  const ofReference = (cell: number) => {
    const n = sum('years', cell, 'referenceYears')
    return shown(sum('years', cell, 'referenceWrong') / n, n)
  }
  // 5 % and three standard errors of a count around it.
  const limit = 0.05 + 3 * error(0.05, years)
  const lines = [
    `${years} years of 52 looks, seed ${seed}, ${JSON.stringify(machine())}, ${Math.round(cpuSeconds)} s of CPU in this run.`,
    '',
    '| no challenger is better | years with a wrong promotion: the gate | gain > 0.01 |',
    '|---|---|---|',
  ]
  for (const [cell, { name }] of WORLDS.entries()) {
    const n = sum('years', cell, 'years')
    const share = sum('years', cell, 'gateWrong') / n
    if (share > limit) process.exitCode = 1
    lines.push(`| ${name} | ${shown(share, n)} | ${ofReference(cell)} |`)
  }
  lines.push('', `A share above ${limit.toFixed(4)} fails.`, '')
  lines.push('| planted improvement that the gate says it finds in 80 % | gain | promoted |', '|---|---|---|')
  for (const [cell, { n, auc, rho, look }] of PLANTED.entries()) {
    const runs = sum('planted', cell, 'runs')
    const promoted = sum('planted', cell, 'promoted') / runs
    const gain = kept[nameOf(work.find((piece) => piece.kind === 'planted' && piece.cell === cell)!)]!.gain!
    lines.push(
      `| n ${n}, AUC ${auc}, rho ${rho}, ${look === 1 ? 'first' : 'later'} look | ${gain.toFixed(4)} | ${shown(promoted, runs)} |`,
    )
  }
  process.stdout.write(`${lines.join('\n')}\n`)
}
