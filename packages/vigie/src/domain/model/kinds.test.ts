import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Calibration } from '../calibration/calibration.ts'
import { canonicalJson } from '../canonical-json.ts'
import { type FeatureSpec, featureSpecHash } from '../feature-spec.ts'
import { linearLength, linearOver } from '../linear/linear.ts'
import { gradientBoosting, logisticRegression, randomForest } from '../trainer.ts'
import { forestOver, LEAF, type Objective } from '../trees/packed.ts'
import { type About, encodeArtefact, parseArtefact } from './artefact.ts'
import { type Body, type Model, scoreColumns, scoreRow } from './model.ts'
import { outputWidth, type Target, TRUE_OR_FALSE } from './target.ts'

const features: FeatureSpec = [
  { name: 'v.x', view: 'v', feature: 'x', type: 'float', optional: true },
  { name: 'v.c', view: 'v', feature: 'c', type: 'category', optional: false, categories: ['a', 'b'] },
]
const columns = [Float64Array.of(0, 2, Number.NaN, -1e300), Float64Array.of(0, 1, 1, 0)]
const classes: Target = { kind: 'classes', classes: ['a', 'b', 'c'] }
const number: Target = { kind: 'number' }

function about(target: Target, trainer: About['trainer']): About {
  return {
    trainer,
    features,
    featureSpecHash: featureSpecHash(features),
    target,
    threshold: target.kind === 'binary' ? 0.5 : null,
    trainingRowsHash: 'ab'.repeat(32),
    definitionHash: '12'.repeat(32),
  }
}

/** As many trees, each of which parts x at 1 and has the leaves of the next pair of values. */
function stumps(values: readonly number[], objective: Objective | null, leaves?: Float64Array): Body {
  const trees = values.length / 2
  const roots = Int32Array.from({ length: trees }, (_, t) => 3 * t)
  const covers = Float32Array.from({ length: 3 * trees }, (_, node) => (node % 3 === 0 ? 4 : 2))
  const forest = forestOver(roots, new ArrayBuffer(48 * trees), 0, 3 * trees, objective, {
    covers,
    ...(leaves ? { leaves } : {}),
  })
  for (let t = 0; t < trees; t++) {
    const root = 3 * t
    forest.values[2 * root] = 1
    forest.words[4 * root + 2] = 0
    forest.words[4 * root + 3] = root + 1
    for (const side of [1, 2]) {
      forest.values[2 * (root + side)] = values[2 * t + side - 1]!
      forest.words[4 * (root + side) + 2] = LEAF
    }
  }
  return { kind: 'forest', forest }
}

function linear(target: Target, weights: readonly number[]): Body {
  const model = linearOver(new Float64Array(linearLength(features, target)), features, target)
  model.scale.fill(1)
  model.coefficients.set(weights)
  return { kind: 'linear', linear: model }
}

const table = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0.5, 0.25, 0.25)
const boosting = gradientBoosting({ rounds: 2 })
const logistic = logisticRegression()

const KINDS: readonly [string, About, Body, Calibration | null, readonly number[]][] = [
  [
    'a forest of several classes',
    about(classes, randomForest({ trees: 2 })),
    stumps([0, 3, 0, 1], { kind: 'classes', classes: 3 }, table),
    null,
    [1, 0, 0, 0.25, 0.625, 0.125],
  ],
  [
    'boosted trees of several classes',
    about(classes, boosting),
    stumps([0, 1, 0, 0, 0, 0], { kind: 'softmax', bases: [0, 0, 0] }),
    null,
    [1 / 3, 1 / 3, 1 / 3, Math.E / (Math.E + 2), 1 / (Math.E + 2), 1 / (Math.E + 2)],
  ],
  ['a forest of a number', about(number, randomForest({ trees: 2 })), stumps([-3, 8, 1, 2], null), null, [-1, 5]],
  ['boosted trees of a number', about(number, boosting), stumps([-3, 8], { kind: 'sum', base: 100 }), null, [97, 108]],
  [
    'a linear model of two classes',
    about(TRUE_OR_FALSE, logistic),
    linear(TRUE_OR_FALSE, [0, 1]),
    null,
    [0.5, 1 / (1 + Math.exp(-2))],
  ],
]

const encoded = KINDS.map(([name, described, body, calibration]) => {
  return [name, encodeArtefact(described, body, calibration)] as const
})

test.each(KINDS)(
  '%s is read as it was written, and answers what its target says',
  (_, described, body, calibration, expected) => {
    const bytes = encodeArtefact(described, body, calibration)
    const model = parseArtefact(bytes)
    expect(encodeArtefact(described, model.body, model.calibration)).toEqual(bytes)
    const width = outputWidth(described.target)
    const scores = scoreColumns(model, columns, 4)
    expect(scores).toHaveLength(4 * width)
    for (const [i, value] of expected.entries()) expect(scores[i]).toBeCloseTo(value, 12)
    const out = new Float64Array(width)
    for (let i = 0; i < 4; i++) {
      scoreRow(model, Float64Array.of(columns[0]![i]!, columns[1]![i]!), out)
      expect(out).toEqual(scores.slice(i * width, (i + 1) * width))
    }
  },
)

const refused = expect.objectContaining({ code: 'artefact_invalid' })

/** The bytes of a kind with another header. */
function withHeader(kind: number, change: (header: Record<string, unknown>) => unknown): Uint8Array {
  const bytes = encoded[kind]![1]
  const length = new DataView(bytes.buffer).getUint32(8, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length)))
  const json = new TextEncoder().encode(canonicalJson(change(header)))
  const rest = bytes.subarray(Math.ceil((16 + length) / 8) * 8)
  const start = Math.ceil((16 + json.length) / 8) * 8
  const out = new Uint8Array(start + rest.length)
  out.set(bytes.subarray(0, 16))
  new DataView(out.buffer).setUint32(8, json.length, true)
  out.set(json, 16)
  out.set(rest, start)
  return out
}

/** The bytes of a kind with the float64 at so many bytes before the end set to another. */
function withFloat(kind: number, bytesBeforeEnd: number, value: number): Uint8Array {
  const out = encoded[kind]![1].slice()
  new DataView(out.buffer).setFloat64(out.length - bytesBeforeEnd, value, true)
  return out
}

const COVERS = 24 // six nodes of four bytes
const [FOREST, BOOSTED, NUMBERS, SUM] = [0, 1, 2, 3]

test.each<[string, Uint8Array, string]>([
  ['a row of leaves that does not add up', withFloat(FOREST, COVERS + 8, 0.5), 'add up to 1'],
  ['a negative probability in the leaves', withFloat(FOREST, COVERS + 16, -0.25), 'holds no probability'],
  ['a leaf beyond the table', withFloat(FOREST, COVERS + 96 + 16, 4), 'row of the leaves'],
  ['a leaf between two rows', withFloat(FOREST, COVERS + 96 + 16, 0.5), 'row of the leaves'],
  ['half a row of leaves', withHeader(FOREST, withSection('leaves', 11)), 'no table'],
  ['no leaves', withHeader(FOREST, withSection('leaves')), 'leaves are of another'],
  [
    'another number of classes',
    withHeader(FOREST, (h) => ({ ...h, objective: { kind: 'classes', classes: 4 } })),
    'objective',
  ],
  ['a mean without a table', withHeader(FOREST, (h) => ({ ...h, objective: null })), 'objective'],
  [
    'bases of two classes',
    withHeader(BOOSTED, (h) => ({ ...h, objective: { kind: 'softmax', bases: [0, 0] } })),
    'objective',
  ],
  [
    'a base that is no number',
    withHeader(BOOSTED, (h) => ({ ...h, objective: { kind: 'softmax', bases: [0, 0, '0'] } })),
    'objective',
  ],
  ['half a round', withHeader(BOOSTED, withSection('roots', 4)), 'lacks the tree of a class'],
  ['a threshold of several classes', withHeader(BOOSTED, (h) => ({ ...h, threshold: 0.5 })), 'threshold'],
  ['log-odds for a number', withHeader(SUM, (h) => ({ ...h, objective: { kind: 'logistic', base: 1 } })), 'objective'],
  ['a target that is not known', withHeader(SUM, (h) => ({ ...h, target: { kind: 'rank' } })), 'target'],
  [
    'a calibration of a number',
    withHeader(SUM, (h) => ({ ...h, calibration: { kind: 'platt', of: 'score' } })),
    'calibration',
  ],
  [
    'two classes as several',
    withHeader(BOOSTED, (h) => ({ ...h, target: { kind: 'classes', classes: ['a', 'b'] } })),
    'target',
  ],
  ['a linear model with trees', withHeader(4, withSection('roots', 1)), 'another model'],
  ['a linear model of another size', withHeader(4, withSection('linear', 3)), 'another size'],
])('refused: %s', (_, damaged, problem) => {
  expect(() => parseArtefact(damaged)).toThrow(refused)
  expect(() => parseArtefact(damaged)).toThrow(problem)
})

function withSection(name: string, length?: number) {
  return (header: Record<string, unknown>) => {
    const { [name]: _, ...others } = header.sections as Record<string, number>
    return { ...header, sections: length === undefined ? others : { ...others, [name]: length } }
  }
}

test('a leaf of a number may be anything finite, a cover any number of rows', () => {
  const nodes = COVERS
  const leaf = nodes + 16 * 4
  expect(() => parseArtefact(withFloat(NUMBERS, leaf, Number.POSITIVE_INFINITY))).toThrow('holds no number')
  const covers = encoded[NUMBERS]![1].slice()
  new DataView(covers.buffer).setFloat32(covers.length - 4, Number.NaN, true)
  expect(() => parseArtefact(covers)).toThrow('no number of rows')
})

/** What is let through must still answer what its target says. */
function readAndUse(damaged: Uint8Array): void {
  let model: Model
  try {
    model = parseArtefact(damaged)
  } catch (error) {
    expect(error).toEqual(refused)
    return
  }
  const { target, features: read } = model.header
  const width = outputWidth(target)
  const scores = scoreColumns(model, columns.slice(0, read.length), 4)
  for (let i = 0; i < 4; i++) {
    const answers = scores.subarray(i * width, (i + 1) * width)
    if (target.kind === 'number') expect(answers[0]).toBeGreaterThan(Number.NEGATIVE_INFINITY)
    else for (const p of answers) expect(p >= 0 && p <= 1).toBe(true)
    if (target.kind === 'classes') expect(answers.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 8)
  }
}

test.each(encoded)('any flipped bits of %s are refused or give a model that still answers', (_, bytes) => {
  const flip = fc.record({ at: fc.nat(bytes.length - 1), bit: fc.nat(7) })
  fc.assert(
    fc.property(fc.array(flip, { minLength: 1, maxLength: 4 }), (flips) => {
      const damaged = bytes.slice()
      for (const { at, bit } of flips) damaged[at]! ^= 1 << bit
      readAndUse(damaged)
    }),
    { numRuns: 1500 },
  )
})
