// The whole loop as a user starts it: stores empty, software installed.
//   node scripts/run.mjs bench/loop.ts [--data DIR] [--runs 5]
// Prints one JSON line: wall and CPU seconds and peak memory of the whole process tree, medians over the runs.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { machine } from './machine.ts'
import { watchTree } from './process-tree.ts'

const { values } = parseArgs({ options: { data: { type: 'string' }, runs: { type: 'string', default: '5' } } })
const root = path.resolve(import.meta.dirname, '..')
const start = [path.join(root, 'scripts/run.mjs'), path.join(root, 'examples/streamflow/main.ts'), '--once', '--json']

async function oneRun() {
  const home = mkdtempSync(path.join(os.tmpdir(), 'vigie-bench-'))
  const from = performance.now()
  const args = [...start, '--home', home, ...(values.data ? ['--data', values.data] : [])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const tree = watchTree(child.pid!)
  let text = ''
  child.stdout.on('data', (piece) => {
    text += piece
  })
  const status = await new Promise((resolve) => child.on('close', resolve))
  const wallSeconds = (performance.now() - from) / 1000
  const usage = tree.stop()
  rmSync(home, { recursive: true, force: true })
  if (status !== 0) throw new Error(`the loop ended with ${status}`)
  return { wallSeconds, ...usage, timings: JSON.parse(text).timings as Record<string, number> }
}

const runs: Awaited<ReturnType<typeof oneRun>>[] = []
for (let i = 0; i < Number(values.runs); i++) runs.push(await oneRun())
const median = (of: (run: (typeof runs)[number]) => number) => {
  const sorted = runs.map(of).sort((a, b) => a - b)
  return Number(sorted[Math.floor(sorted.length / 2)]!.toFixed(3))
}
console.log(
  JSON.stringify({
    bench: 'loop',
    data: values.data ? path.basename(values.data) : 'simulated',
    runs: runs.length,
    wallSeconds: median((run) => run.wallSeconds),
    cpuSeconds: median((run) => run.cpuSeconds),
    peakMb: median((run) => run.peakMb),
    laps: Object.fromEntries(Object.keys(runs[0]!.timings).map((lap) => [lap, median((run) => run.timings[lap]!)])),
    ...machine(),
  }),
)
