// vigie evaluate on a million predictions, and the same metrics by pandas and scikit-learn: both read the file.
// scikit-learn makes no intervals; its Python is named in PYTHON (with pandas and scikit-learn), without it only ours runs.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { seededRandom } from '../packages/vigie/src/domain/random.ts'
import { machine } from './machine.ts'

const ROWS = Number(process.env.ROWS ?? 1_000_000)
const folder = mkdtempSync(path.join(tmpdir(), 'vigie-bench-evaluate-'))
const file = path.join(folder, 'scored.csv')
const program = path.join(import.meta.dirname, '../packages/vigie/bin/vigie.mjs')

/** Seconds of CPU and wall, and the largest resident set in MB, of one run of a program. */
function measured(command: string, args: readonly string[]) {
  const begun = performance.now()
  const { status, stdout, stderr } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', command, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`)
  const [user = 0, system = 0, kilobytes = 0] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number)
  return {
    answer: JSON.parse(stdout) as Record<string, unknown>,
    figures: { seconds: (performance.now() - begun) / 1000, cpuSeconds: user + system, megabytes: kilobytes / 1024 },
  }
}

try {
  const random = seededRandom(7)
  const into = openSync(file, 'w')
  writeSync(into, 'y,p\n')
  for (let row = 0; row < ROWS; row += 10_000) {
    const lines = Array.from({ length: 10_000 }, () => {
      const p = random.unit() ** 2
      return `${random.unit() < p ? 1 : 0},${p}\n`
    })
    writeSync(into, lines.join(''))
  }
  const ours = measured(process.execPath, [program, 'evaluate', file, '--label', 'y', '--score', 'p', '--json'])
  const python = process.env.PYTHON
  const theirs = python ? measured(python, [path.join(import.meta.dirname, 'scikit_learn_metrics.py'), file]) : null
  const metrics = ours.answer.metrics as Record<string, { readonly value: number }>
  const apart = Object.entries(theirs?.answer ?? {}).map(([name, value]) =>
    Math.abs(metrics[name]!.value - Number(value)),
  )
  console.log(
    JSON.stringify({
      bench: 'evaluate',
      rows: ROWS,
      ...ours.figures,
      scikitLearn: theirs?.figures ?? null,
      cpuRatio: theirs && ours.figures.cpuSeconds / theirs.figures.cpuSeconds,
      farthestApart: theirs && Math.max(...apart),
      ...machine(),
    }),
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
