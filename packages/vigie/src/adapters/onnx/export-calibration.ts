import type { Calibration } from '../../domain/calibration/calibration.ts'
import type { GraphWriter } from './graph.ts'

/** Log-odds of scores that are 0 or 1, as `calibrate` has them. */
const CERTAIN = 36

/** Adds a calibration of scores, float64 and one column or one a class, and returns what they become. */
export function exportCalibration(
  graph: GraphWriter,
  scores: string,
  { shape, values }: Calibration,
  outputs: number,
): string {
  const calibrated =
    shape.kind === 'platt' ? platt(graph, scores, values, shape.of) : isotonic(graph, scores, values, shape.points)
  if (outputs === 1) return calibrated
  const total = graph.node('MatMul', [calibrated, graph.doubles(new Float64Array(outputs).fill(1), [outputs, 1])])
  const shares = graph.node('Div', [calibrated, total])
  const isSome = graph.node('Greater', [total, graph.doubles([0], [1, 1])])
  return graph.node('Where', [isSome, shares, graph.doubles([1 / outputs], [1, 1])])
}

function platt(graph: GraphWriter, scores: string, values: Float64Array, of: 'score' | 'logOdds'): string {
  const outputs = values.length / 2
  const one = (offset: number): string =>
    graph.doubles(
      Float64Array.from({ length: outputs }, (_, k) => values[2 * k + offset]!),
      [1, outputs],
    )
  const x = of === 'score' ? scores : logOdds(graph, scores)
  return graph.node('Sigmoid', [graph.node('Add', [graph.node('Mul', [x, one(0)]), one(1)])])
}

function logOdds(graph: GraphWriter, scores: string): string {
  const others = graph.node('Sub', [graph.doubles([1], [1, 1]), scores])
  const odds = graph.node('Log', [graph.node('Div', [scores, others])])
  const above = graph.node('Max', [odds, graph.doubles([-CERTAIN], [1, 1])])
  return graph.node('Min', [above, graph.doubles([CERTAIN], [1, 1])])
}

/** Straight lines are the height of the first point and the part of each step that the score has passed. */
function isotonic(graph: GraphWriter, scores: string, values: Float64Array, points: readonly number[]): string {
  let at = 0
  const columns = points.map((count, k) => {
    const x = values.subarray(at, at + count)
    const y = values.subarray(at + count, at + 2 * count)
    at += 2 * count
    const score = graph.node('Gather', [scores, graph.int64s([k])], { axis: { int: 1 } })
    const steps = count - 1
    const from = graph.doubles(x.subarray(0, steps), [1, steps])
    const widths = Float64Array.from({ length: steps }, (_, i) => x[i + 1]! - x[i]!)
    const slopes = widths.map((width, i) => (y[i + 1]! - y[i]!) / width)
    const first = graph.doubles([y[0]!], [1, 1])
    if (steps === 0) return graph.node('Add', [graph.node('Mul', [score, graph.doubles([0], [1, 1])]), first])
    const passed = graph.node('Max', [graph.node('Sub', [score, from]), graph.doubles([0], [1, 1])])
    const parts = graph.node('Min', [passed, graph.doubles(widths, [1, steps])])
    return graph.node('Add', [graph.node('MatMul', [parts, graph.doubles(slopes, [steps, 1])]), first])
  })
  return columns.length === 1 ? columns[0]! : graph.node('Concat', columns, { axis: { int: 1 } })
}
