import { parseArtefact } from '../../domain/model/artefact.ts'
import { type Model, scoreRow } from '../../domain/model/model.ts'
import { outputWidth } from '../../domain/model/target.ts'
import type { Tasks } from '../../ports/compute.ts'

const MOST_ROWS = 2000
const WARM_UP = 200
const PERCENTILE = 0.99

/** Scores recorded rows one by one, as a server does, after some that warm the code. */
export async function latencyTask({ artefact, rows }: Tasks['latency']['input']): Promise<{
  readonly p99Ms: number
  readonly rows: number
}> {
  const model = parseArtefact(artefact)
  const count = Math.min(MOST_ROWS, rows.keys.length)
  const rowAt = (i: number): readonly number[] => rows.columns.map((column) => column[i % count]!)
  const times =
    model.body.kind === 'graph'
      ? await graphTimes(model, rowAt, count)
      : ownTimes(model, rows.columns.length, rowAt, count)
  times.sort()
  return { p99Ms: times[Math.min(count - 1, Math.ceil(count * PERCENTILE) - 1)]!, rows: count }
}

function ownTimes(model: Model, width: number, rowAt: (i: number) => readonly number[], count: number): Float64Array {
  const row = new Float64Array(width)
  const out = new Float64Array(outputWidth(model.header.target))
  const score = (i: number): number => {
    row.set(rowAt(i))
    const started = performance.now()
    scoreRow(model, row, out)
    return performance.now() - started
  }
  for (let i = 0; i < WARM_UP; i++) score(i)
  return Float64Array.from({ length: count }, (_, i) => score(i))
}

async function graphTimes(
  { header, body }: Model,
  rowAt: (i: number) => readonly number[],
  count: number,
): Promise<Float64Array> {
  if (body.kind !== 'graph') throw new Error('a graph is timed')
  const { graphRuntime } = await import('../onnx/graph-runtime.ts')
  const graph = await graphRuntime().open({ ...header, graph: body.graph })
  const times = new Float64Array(count)
  try {
    for (let i = -WARM_UP; i < count; i++) {
      const columns = rowAt(i + WARM_UP).map((value) => Float64Array.of(value))
      const started = performance.now()
      await graph.answers(columns, 1)
      if (i >= 0) times[i] = performance.now() - started
    }
  } finally {
    await graph.close()
  }
  return times
}
