import type { FeatureSpec } from '../../domain/feature-spec.ts'
import type { Linear } from '../../domain/linear/linear.ts'
import { type GraphWriter, Type } from './graph.ts'

/** Adds a linear model to a graph and returns its answers, float64: one column, or one a class. */
export function exportLinear(graph: GraphWriter, features: string, linear: Linear, spec: FeatureSpec): string {
  const { terms, center, scale, coefficients } = linear
  const width = spec.length
  const stride = 1 + terms.count
  const outputs = coefficients.length / stride
  const coefficient = (k: number, term: number): number => coefficients[k * stride + 1 + term]!
  const wide = graph.node('Cast', [features], { to: { int: Type.double } })
  const isNull = graph.node('IsNaN', [features])
  const row = [1, width]

  const centred = graph.node('Sub', [wide, graph.doubles(center, row)])
  const scaled = graph.node('Div', [centred, graph.doubles(scale, row)])
  const values = graph.node('Where', [isNull, graph.doubles([0], [1, 1]), scaled])
  const ofValues = matrix(graph, width, outputs, (f, k) =>
    terms.categories[f]! > 0 ? 0 : coefficient(k, terms.start[f]!),
  )
  const ofNulls = matrix(graph, width, outputs, (f, k) => (terms.ofNull[f]! < 0 ? 0 : coefficient(k, terms.ofNull[f]!)))
  const nulls = graph.node('Cast', [isNull], { to: { int: Type.double } })
  let sums = graph.node('Add', [graph.node('MatMul', [values, ofValues]), graph.node('MatMul', [nulls, ofNulls])])

  const codes = spec.flatMap((_, f) => Array.from({ length: terms.categories[f]! }, (_code, code) => ({ f, code })))
  if (codes.length > 0) {
    const asked = graph.node('Gather', [wide, graph.int64s(codes.map(({ f }) => f))], { axis: { int: 1 } })
    const known = graph.doubles(
      codes.map(({ code }) => code),
      [1, codes.length],
    )
    const is = graph.node('Cast', [graph.node('Equal', [asked, known])], { to: { int: Type.double } })
    const ofCodes = matrix(graph, codes.length, outputs, (i, k) => {
      const { f, code } = codes[i]!
      return coefficient(k, terms.start[f]! + code)
    })
    sums = graph.node('Add', [sums, graph.node('MatMul', [is, ofCodes])])
  }

  const intercepts = Float64Array.from({ length: outputs }, (_, k) => coefficients[k * stride]!)
  const answer = graph.node('Add', [sums, graph.doubles(intercepts, [1, outputs])])
  if (linear.target === 'binary') return graph.node('Sigmoid', [answer])
  return linear.target === 'classes' ? graph.node('Softmax', [answer], { axis: { int: 1 } }) : answer
}

function matrix(
  graph: GraphWriter,
  rows: number,
  columns: number,
  at: (row: number, column: number) => number,
): string {
  const values = new Float64Array(rows * columns)
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) values[r * columns + c] = at(r, c)
  return graph.doubles(values, [rows, columns])
}
