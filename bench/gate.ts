// How often the gate promotes a challenger that is not better, in a year of weekly looks, and how often it finds one
// that is. Beside it the rule of the stack that Vigie replaces: promote when the AUC is higher by 0.01. And how often slices
// keep the champion from an equal model, and from one that is damaged in a part of the rows.
//
//   node scripts/run.mjs bench/gate.ts [years=10000] [--seed 1] [--keep FILE] [--threads N] [--only years|planted|slices]
//
// Progress on stderr, a table as Markdown on stdout. `--keep` writes what is counted to a file, piece by piece; started
// again with it the bench goes on where it was. Exit 1 when a share is above what chance allows around 5 %.
import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { PLANTED, SLICES, WORLDS } from './gate/cells.ts'
import type { Work } from './gate/worker.ts'
import { machine } from './machine.ts'

type Counts = Readonly<Record<string, number>>

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
    only: { type: 'string' },
    threads: { type: 'string', default: String(os.availableParallelism()) },
  },
})
const years = Number(positionals[0] ?? 10_000)
const seed = Number(values.seed)
const PIECES = 20

const work: Work[] = [
  ...WORLDS.flatMap((_, cell) => pieces('years', cell, years)),
  ...PLANTED.flatMap((_, cell) => pieces('planted', cell, Math.ceil(years / 2))),
  ...SLICES.flatMap(({ runsAYear }, cell) => pieces('slices', cell, Math.ceil(years * runsAYear))),
].filter(({ kind }) => values.only === undefined || kind === values.only)
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
  const what = kind === 'years' ? WORLDS[cell]!.name : JSON.stringify((kind === 'planted' ? PLANTED : SLICES)[cell])
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

/** A share with its Monte-Carlo standard error. */
function shown(share: number, n: number): string {
  return `${share.toFixed(4)} ± ${standardError(share, n).toFixed(4)}`
}

function standardError(share: number, n: number): number {
  return Math.sqrt((share * (1 - share)) / n)
}

/** 5 % and three standard errors of a count around it. */
function limit(n: number): number {
  return 0.05 + 3 * standardError(0.05, n)
}

function report(cpuSeconds: number): void {
  const { machine: cores, node } = machine()
  const run = `${years} years of 52 looks, seed ${seed}; ${cores}, Node ${node}, ${Math.round(cpuSeconds)} s of CPU in this run.`
  const has = (kind: Work['kind']) => work.some((piece) => piece.kind === kind)
  const tables = [
    ...(has('years') ? [yearsTable()] : []),
    ...(has('planted') ? [plantedTable()] : []),
    ...(has('slices') ? [slicesTable()] : []),
  ]
  process.stdout.write(`${[run, ...tables.map((lines) => lines.join('\n'))].join('\n\n')}\n`)
}

function yearsTable(): readonly string[] {
  const lines = ['| no challenger is better | years with a wrong promotion: the gate | gain > 0.01 |', '|---|---|---|']
  for (const [cell, { name }] of WORLDS.entries()) {
    const n = sum('years', cell, 'years')
    const share = sum('years', cell, 'gateWrong') / n
    if (share > limit(n)) process.exitCode = 1
    const m = sum('years', cell, 'referenceYears')
    lines.push(`| ${name} | ${shown(share, n)} | ${shown(sum('years', cell, 'referenceWrong') / m, m)} |`)
  }
  return [...lines, '', `A share above ${limit(years).toFixed(4)} fails.`]
}

function plantedTable(): readonly string[] {
  const lines = ['| planted improvement that the gate says it finds in 80 % | gain | promoted |', '|---|---|---|']
  for (const [cell, { n, auc, rho, look }] of PLANTED.entries()) {
    const runs = sum('planted', cell, 'runs')
    const promoted = sum('planted', cell, 'promoted') / runs
    const gain = kept[nameOf(work.find((piece) => piece.kind === 'planted' && piece.cell === cell)!)]!.gain!
    const which = look === 1 ? 'first' : 'later'
    lines.push(`| n ${n}, AUC ${auc}, rho ${rho}, ${which} look | ${gain.toFixed(4)} | ${shown(promoted, runs)} |`)
  }
  return lines
}

function slicesTable(): readonly string[] {
  const lines = ['| slices | runs | champion kept because of one |', '|---|---|---|']
  for (const [cell, { n, damaged }] of SLICES.entries()) {
    const runs = sum('slices', cell, 'runs')
    const blocked = sum('slices', cell, 'blocked') / runs
    if (damaged === 0 && blocked > limit(runs)) process.exitCode = 1
    const what = damaged === 0 ? 'equal models' : `score reversed in ${100 * damaged} % of the rows`
    lines.push(`| n ${n}, ${what} | ${runs} | ${shown(blocked, runs)} |`)
  }
  return lines
}
