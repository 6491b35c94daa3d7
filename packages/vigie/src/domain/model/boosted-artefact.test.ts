import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../canonical-json.ts'
import { type FeatureSpec, featureSpecHash } from '../feature-spec.ts'
import { gradientBoosting, randomForest } from '../trainer.ts'
import { forestOver, LEAF } from '../trees/packed.ts'
import { encodeArtefact, parseArtefact } from './artefact.ts'
import { type Model, scoreColumns } from './model.ts'
import { TRUE_OR_FALSE } from './target.ts'

const features: FeatureSpec = [{ name: 'v.x', view: 'v', feature: 'x', type: 'float', optional: true }]
const trainer = gradientBoosting({
  rounds: 3,
  earlyStopping: { rounds: 2, fraction: 0.1 },
  monotone: { 'v.x': 'increasing' },
})
const about = {
  trainer,
  features,
  featureSpecHash: featureSpecHash(features),
  target: TRUE_OR_FALSE,
  threshold: 0.5,
  trainingRowsHash: 'ab'.repeat(32),
  definitionHash: '12'.repeat(32),
} as const

/** Two trees: x at most 1 or more, and a leaf. */
function twoTrees() {
  const forest = forestOver(Int32Array.of(0, 3), new ArrayBuffer(64), 0, 4, { kind: 'logistic', base: -0.25 })
  forest.values.set([1, 0], 0)
  forest.words.set([0, 1], 2)
  for (const [node, step] of [-0.5, 0.75, 2].entries()) {
    forest.values[2 * (node + 1)] = step
    forest.words[4 * (node + 1) + 2] = LEAF
  }
  return forest
}

const bytes = encodeArtefact(about, { kind: 'forest', forest: twoTrees() })
const headerBytes = new DataView(bytes.buffer).getUint32(8, true)
const nodesAt = bytes.length - 64
const refused = expect.objectContaining({ code: 'artefact_invalid' })

function withHeader(change: (header: Record<string, unknown>) => unknown): Uint8Array {
  const json = new TextEncoder().encode(
    canonicalJson(change(JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + headerBytes))))),
  )
  const rest = bytes.subarray(nodesAt - 8)
  const start = Math.ceil((16 + json.length) / 8) * 8
  const out = new Uint8Array(start + rest.length)
  out.set(bytes.subarray(0, 16))
  new DataView(out.buffer).setUint32(8, json.length, true)
  out.set(json, 16)
  out.set(rest, start)
  return out
}

function withLeaf(value: number): Uint8Array {
  const out = bytes.slice()
  new Float64Array(out.buffer, nodesAt)[2 * 3] = value
  return out
}

test('boosted trees are read as they were written, and answer with the logistic function of their sum', () => {
  const model = parseArtefact(bytes)
  expect(model.header).toMatchObject({
    ...about,
    model: 'forest',
    objective: { kind: 'logistic', base: -0.25 },
    sections: { roots: 2, nodes: 4 },
  })
  expect(encodeArtefact(about, model.body)).toEqual(bytes)
  expect([...scoreColumns(model, [Float64Array.of(1, Number.NaN)], 2)]).toEqual([
    1 / (1 + Math.exp(-(-0.25 - 0.5 + 2))),
    1 / (1 + Math.exp(-(-0.25 + 0.75 + 2))),
  ])
})

test.each<[string, Uint8Array, string]>([
  ['no objective', withHeader((h) => ({ ...h, objective: null })), 'makes other'],
  ['an unknown objective', withHeader((h) => ({ ...h, objective: { kind: 'poisson', base: 0 } })), 'the objective'],
  [
    'a base that is no number',
    withHeader((h) => ({ ...h, objective: { kind: 'logistic', base: null } })),
    'the objective',
  ],
  [
    'a base beyond all bounds',
    withHeader((h) => ({ ...h, objective: { kind: 'logistic', base: 1e19 } })),
    'the objective',
  ],
  ['the trainer of a forest', withHeader((h) => ({ ...h, trainer: randomForest({ trees: 2 }) })), 'makes other'],
  ['more trees than rounds', withHeader((h) => ({ ...h, trainer: { ...trainer, rounds: 1 } })), 'makes other'],
  ['a learning rate of 0', withHeader((h) => ({ ...h, trainer: { ...trainer, learningRate: 0 } })), 'the trainer'],
  ['one leaf', withHeader((h) => ({ ...h, trainer: { ...trainer, leaves: 1 } })), 'the trainer'],
  [
    'a way that is none',
    withHeader((h) => ({ ...h, trainer: { ...trainer, monotone: { 'v.x': 'up' } } })),
    'the trainer',
  ],
  [
    'early stopping on all rows',
    withHeader((h) => ({ ...h, trainer: { ...trainer, earlyStopping: { rounds: 2, fraction: 1 } } })),
    'the trainer',
  ],
  ['a leaf that is NaN', withLeaf(Number.NaN), 'holds no step'],
  ['a leaf that is infinite', withLeaf(Number.NEGATIVE_INFINITY), 'holds no step'],
  ['a leaf beyond all bounds', withLeaf(-2e18), 'holds no step'],
])('refused: %s', (_, damaged, problem) => {
  expect(() => parseArtefact(damaged)).toThrow(refused)
  expect(() => parseArtefact(damaged)).toThrow(problem)
})

test('any flipped bits are refused or give a model that still answers with probabilities', () => {
  const flip = fc.record({ at: fc.nat(bytes.length - 1), bit: fc.nat(7) })
  fc.assert(
    fc.property(fc.array(flip, { minLength: 1, maxLength: 4 }), (flips) => {
      const damaged = bytes.slice()
      for (const { at, bit } of flips) damaged[at]! ^= 1 << bit
      let model: Model
      try {
        model = parseArtefact(damaged)
      } catch (error) {
        expect(error).toEqual(refused)
        return
      }
      for (const score of scoreColumns(model, [Float64Array.of(-1, 1, 2, Number.NaN)], 4)) {
        expect(score >= 0 && score <= 1).toBe(true)
      }
    }),
    { numRuns: 3000 },
  )
})
