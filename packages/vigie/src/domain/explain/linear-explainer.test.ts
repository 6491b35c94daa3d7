import { expect, test } from 'vitest'
import type { FeatureSpec } from '../feature-spec.ts'
import { fitLinear } from '../linear/fit-linear.ts'
import { linearRow } from '../linear/linear.ts'
import type { Target } from '../model/target.ts'
import { seededRandom } from '../random.ts'
import { LinearExplainer } from './linear-explainer.ts'

const features: FeatureSpec = [
  { name: 'v.a', view: 'v', feature: 'a', type: 'float', optional: false },
  { name: 'v.b', view: 'v', feature: 'b', type: 'float', optional: true },
  { name: 'v.c', view: 'v', feature: 'c', type: 'category', optional: true, categories: ['x', 'y', 'z'] },
]
const rows = 400
const random = seededRandom(3)
const draw = (share: number, one: () => number) =>
  Float64Array.from({ length: rows }, () => (random.unit() < share ? Number.NaN : one()))
const columns = [draw(0, random.unit), draw(0.2, () => 3 * random.unit()), draw(0.1, () => random.below(3))]
const raw = Float64Array.from(
  { length: rows },
  (_, i) => 2 * columns[0]![i]! - (columns[1]![i] || 0) + (columns[2]![i] === 1 ? 1.5 : 0) + random.unit(),
)
const fit = (target: Target, label: Float64Array) =>
  fitLinear({ features, columns, label, weight: null }, target, { l2: 1, maxIterations: 100, tolerance: 1e-8 })
const rowAt = (i: number) => Float64Array.from(columns, (column) => column[i]!)

test('a number: base and contributions add up to the answer, and are 0 in the mean over the training rows', () => {
  const linear = fit({ kind: 'number' }, raw)
  const explainer = new LinearExplainer(linear)
  const [base] = explainer.bases()
  const phi = new Float64Array(3)
  const total = new Float64Array(3)
  const answer = new Float64Array(1)
  for (let i = 0; i < rows; i++) {
    explainer.explain(rowAt(i), phi)
    linearRow(linear, rowAt(i), answer)
    expect(base! + phi[0]! + phi[1]! + phi[2]!).toBeCloseTo(answer[0]!, 10)
    for (let f = 0; f < 3; f++) total[f]! += phi[f]! / rows
  }
  for (const mean of total) expect(mean).toBeCloseTo(0, 10)
})

test('several classes: the contributions to each are to its log-odds', () => {
  const label = raw.map((x) => (x < -0.5 ? 0 : x < 1 ? 1 : 2))
  const linear = fit({ kind: 'classes', classes: ['low', 'middle', 'high'] }, label)
  const explainer = new LinearExplainer(linear)
  const bases = explainer.bases()
  const phi = new Float64Array(9)
  const answer = new Float64Array(3)
  for (let i = 0; i < 20; i++) {
    explainer.explain(rowAt(i), phi)
    linearRow(linear, rowAt(i), answer)
    const sums = Array.from(bases, (base, k) => base + phi[3 * k]! + phi[3 * k + 1]! + phi[3 * k + 2]!)
    expect(sums[2]! - sums[0]!).toBeCloseTo(Math.log(answer[2]! / answer[0]!), 10)
    expect(sums[1]! - sums[0]!).toBeCloseTo(Math.log(answer[1]! / answer[0]!), 10)
  }
})
