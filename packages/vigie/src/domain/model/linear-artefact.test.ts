import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitCalibration } from '../calibration/fit-calibration.ts'
import { canonicalJson } from '../canonical-json.ts'
import { type FeatureSpec, featureSpecHash } from '../feature-spec.ts'
import { fitLinear } from '../linear/fit-linear.ts'
import { seededRandom } from '../random.ts'
import { calibrated, logisticRegression, randomForest, type Trainer, tuned } from '../trainer.ts'
import { encodeArtefact, parseArtefact } from './artefact.ts'
import { scoreColumns } from './model.ts'
import type { Target } from './target.ts'

const features: FeatureSpec = [
  { name: 'v.x', view: 'v', feature: 'x', type: 'float', optional: true },
  { name: 'v.c', view: 'v', feature: 'c', type: 'category', optional: false, categories: ['a', 'b'] },
]
const random = seededRandom(1)
const rows = 80
const columns = [
  Float64Array.from({ length: rows }, (_, i) => (i % 9 === 0 ? Number.NaN : random.unit())),
  Float64Array.from({ length: rows }, () => random.below(2)),
]
const label = Float64Array.from({ length: rows }, () => random.below(3))
const target: Target = { kind: 'classes', classes: ['p', 'q', 'r'] }
const linear = fitLinear({ features, columns, label, weight: null }, target, logisticRegression())
const raw = scoreColumns({ header: { target }, body: { kind: 'linear', linear }, calibration: null }, columns, rows)

const about = {
  features,
  featureSpecHash: featureSpecHash(features),
  target,
  threshold: null,
  trainingRowsHash: 'ab'.repeat(32),
  definitionHash: '12'.repeat(32),
}
const artefactOf = (trainer: Trainer, method: 'isotonic' | 'platt' | null = null): Uint8Array =>
  encodeArtefact(
    { ...about, trainer },
    { kind: 'linear', linear },
    method && fitCalibration(method, 'logOdds', raw, label, null, target),
  )
const isotonic = artefactOf(calibrated(logisticRegression()), 'isotonic')
const refused = expect.objectContaining({ code: 'artefact_invalid' })

/** The bytes with another header, which need not be legal. The arrays stay. */
function withHeader(bytes: Uint8Array, change: (header: Record<string, unknown>) => unknown): Uint8Array {
  const length = new DataView(bytes.buffer).getUint32(8, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length)))
  const json = new TextEncoder().encode(canonicalJson(change(header)))
  const [from, to] = [length, json.length].map((n) => Math.ceil((16 + n) / 8) * 8) as [number, number]
  const out = new Uint8Array(to + bytes.length - from)
  out.set(bytes.subarray(0, 16))
  new DataView(out.buffer).setUint32(8, json.length, true)
  out.set(json, 16)
  out.set(bytes.subarray(from), to)
  return out
}

test.each([null, 'platt', 'isotonic'] as const)(
  'a linear model with calibration %s is read as it was written',
  (method) => {
    const trainer = method ? calibrated(logisticRegression(), { method }) : logisticRegression()
    const bytes = artefactOf(trainer, method)
    const read = parseArtefact(bytes)
    expect(encodeArtefact({ ...about, trainer: read.header.trainer }, read.body, read.calibration)).toEqual(bytes)
    const scores = scoreColumns(read, columns, rows)
    if (method === null) expect(scores).toEqual(raw)
    for (let row = 0; row < rows; row++) {
      expect(scores[3 * row]! + scores[3 * row + 1]! + scores[3 * row + 2]!).toBeCloseTo(1, 12)
    }
  },
)

const header = (change: Record<string, unknown>) => withHeader(isotonic, (h) => ({ ...h, ...change }))
const points = parseArtefact(isotonic).calibration!.shape as { readonly points: readonly number[] }
const sections = parseArtefact(isotonic).header.sections

test.each<[string, Uint8Array]>([
  ['a trainer that does not calibrate', header({ trainer: logisticRegression() })],
  ['a trainer that calibrates otherwise', header({ trainer: calibrated(logisticRegression(), { method: 'platt' }) })],
  ['a trainer that grows trees', header({ trainer: calibrated(randomForest()) })],
  ['a search that found nothing', header({ trainer: calibrated(tuned(logisticRegression(), {})) })],
  ['no calibration beside its points', header({ calibration: null })],
  ['fewer points than the shape has', header({ sections: { ...sections, calibration: sections.calibration! - 2 } })],
  ['a shape with more points', header({ calibration: { kind: 'isotonic', points: [...points.points.slice(1), 1e9] } })],
  ['a shape of fewer outputs', header({ calibration: { kind: 'isotonic', points: points.points.slice(1) } })],
  ['a longer linear model', header({ sections: { ...sections, linear: sections.linear! + 1 } })],
  ['nodes of a forest', header({ sections: { ...sections, nodes: 1 } })],
  ['another target', header({ target: { kind: 'number' } })],
  ['how a forest reads null', header({ nulls: 'side_of_each_split' })],
  ['an objective', header({ objective: { kind: 'softmax', bases: [0, 0, 0] } })],
])('%s is refused', (_, bytes) => {
  expect(() => parseArtefact(bytes)).toThrow(refused)
})

test('whatever bytes are changed, a model is refused or still gives probabilities', () => {
  const start = Math.ceil((16 + new DataView(isotonic.buffer).getUint32(8, true)) / 8) * 8
  const change = fc.tuple(fc.integer({ min: start, max: isotonic.length - 1 }), fc.integer({ min: 0, max: 255 }))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = isotonic.slice()
      for (const [at, byte] of changes) bytes[at] = byte
      let model: ReturnType<typeof parseArtefact>
      try {
        model = parseArtefact(bytes)
      } catch (error) {
        expect(error).toEqual(refused)
        return
      }
      for (const p of scoreColumns(model, columns, rows)) expect(p >= 0 && p <= 1).toBe(true)
    }),
    { numRuns: 500 },
  )
})
