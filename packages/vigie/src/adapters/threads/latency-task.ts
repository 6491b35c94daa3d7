import { parseArtefact } from '../../domain/model/artefact.ts'
import { scoreRow } from '../../domain/model/model.ts'
import { outputWidth } from '../../domain/model/target.ts'
import type { Tasks } from '../../ports/compute.ts'

const MOST_ROWS = 2000
const WARM_UP = 200
const PERCENTILE = 0.99

/** Scores recorded rows one by one, as a server does, after some that warm the code. */
export function latencyTask({ artefact, rows }: Tasks['latency']['input']): {
  readonly p99Ms: number
  readonly rows: number
} {
  const model = parseArtefact(artefact)
  const row = new Float64Array(rows.columns.length)
  const out = new Float64Array(outputWidth(model.header.target))
  const count = Math.min(MOST_ROWS, rows.keys.length)
  const score = (i: number): number => {
    for (let f = 0; f < row.length; f++) row[f] = rows.columns[f]![i % count]!
    const started = performance.now()
    scoreRow(model, row, out)
    return performance.now() - started
  }
  for (let i = 0; i < WARM_UP; i++) score(i)
  const times = Float64Array.from({ length: count }, (_, i) => score(i)).sort()
  return { p99Ms: times[Math.min(count - 1, Math.ceil(count * PERCENTILE) - 1)]!, rows: count }
}
