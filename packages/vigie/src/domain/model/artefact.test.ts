import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../canonical-json.ts'
import type { Expression } from '../expression/expression.ts'
import { type FeatureColumn, type FeatureSpec, featureSpecHash } from '../feature-spec.ts'
import { seededRandom } from '../random.ts'
import { randomForest } from '../trainer.ts'
import { binFeatures } from '../trees/bins.ts'
import { growTrees } from '../trees/forest.ts'
import { CATEGORY, type Forest, LEAF, predictColumns } from '../trees/packed.ts'
import { trainingSet } from '../trees/training-set.ts'
import { encodeArtefact, parseArtefact } from './artefact.ts'
import { type Model, scoreColumns } from './model.ts'
import type { Sections } from './sections.ts'
import { TRUE_OR_FALSE } from './target.ts'

const features: FeatureSpec = [
  { name: 'v.x', view: 'v', feature: 'x', type: 'float', optional: true },
  { name: 'v.réseau', view: 'v', feature: 'réseau', type: 'category', optional: true, categories: ['a', 'b', 'c'] },
]
const trainer = randomForest({ trees: 3, seed: 1, maxFeatures: 'all' })
const random = seededRandom(1)
const rows = 60
const columns = [
  Float64Array.from({ length: rows }, () => random.unit()),
  Float64Array.from({ length: rows }, () => random.below(3)),
]
const label = Float64Array.from({ length: rows }, () => random.below(2))
const forest = growTrees(
  trainingSet(binFeatures(features, columns, rows), { target: TRUE_OR_FALSE, label, classWeight: 'none' }),
  trainer,
  0,
  3,
)
const about = {
  trainer,
  features,
  featureSpecHash: featureSpecHash(features),
  target: TRUE_OR_FALSE,
  threshold: 0.5,
  trainingRowsHash: 'ab'.repeat(32),
  definitionHash: '12'.repeat(32),
} as const
const bytes = encodeArtefact(about, { kind: 'forest', forest })
const headerBytes = new DataView(bytes.buffer).getUint32(8, true)
const rootsAt = Math.ceil((16 + headerBytes) / 8) * 8
const nodes = forest.words.length / 4
const nodesAt = rootsAt + 16 // three roots of four bytes, and a gap

const refused = expect.objectContaining({ code: 'artefact_invalid' })

/** The bytes with another header, which need not be legal. */
function withHeader(change: (header: Record<string, unknown>) => unknown): Uint8Array {
  const parsed = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + headerBytes)))
  const changed = change(parsed)
  const json = new TextEncoder().encode(typeof changed === 'string' ? changed : canonicalJson(changed ?? parsed))
  const start = Math.ceil((16 + json.length) / 8) * 8
  const out = new Uint8Array(start + bytes.length - rootsAt)
  out.set(bytes.subarray(0, 16))
  new DataView(out.buffer).setUint32(8, json.length, true)
  out.set(json, 16)
  out.set(bytes.subarray(rootsAt), start)
  return out
}

/** The bytes with other sections in the header. */
function withSections(change: (sections: Sections) => Record<string, number>): Uint8Array {
  return withHeader(({ sections, ...h }) => ({ ...h, sections: change(sections as Sections) }))
}

/** The bytes with one word (0 to 3) of one node changed. */
function withWord(node: number, word: number, change: (old: number) => number, from = bytes): Uint8Array {
  const out = from.slice()
  const words = new Int32Array(out.buffer, nodesAt)
  words[4 * node + word] = change(words[4 * node + word]!)
  return out
}

/** The bytes with another threshold or leaf. */
function withValue(node: number, value: number): Uint8Array {
  const out = bytes.slice()
  new Float64Array(out.buffer, nodesAt, 2 * good.header.sections.nodes!)[2 * node] = value
  return out
}

function find({ words }: Forest, wanted: (word: number) => boolean): number {
  for (let node = 0; node < words.length / 4; node++) if (wanted(words[4 * node + 2]!)) return node
  throw new Error('the fixture has no such node')
}

function forestIn({ body }: Model): Forest {
  if (body.kind !== 'forest') throw new Error('the fixture is a forest')
  return body.forest
}
const good = parseArtefact(bytes)
const grown = forestIn(good)
const leaf = find(grown, (word) => word === LEAF)
const numeric = find(grown, (word) => word !== LEAF && (word & CATEGORY) === 0)
const category = find(grown, (word) => word !== LEAF && (word & CATEGORY) !== 0)
const secondRoot = forest.roots[1]!

test('what is written is read, and written again to the same bytes', () => {
  expect(good.header).toEqual({
    ...about,
    nulls: 'side_of_each_split',
    model: 'forest',
    objective: null,
    calibration: null,
    sections: { roots: 3, nodes, covers: nodes },
  })
  expect(grown.words).toEqual(forest.words)
  expect(grown.roots).toEqual(forest.roots)
  expect(encodeArtefact(about, good.body)).toEqual(bytes)
})

const x = features[0]!
const before: FeatureColumn = { ...x, name: 'v.x@previous', lag: 1 }
const change = derived({ op: 'subtract', left: { op: 'column', column: x }, right: { op: 'column', column: before } })

function derived(expression: unknown): FeatureColumn {
  return { ...x, name: 'derived.d', view: 'derived', feature: 'd', expression: expression as Expression }
}

function nested(depth: number): unknown {
  return depth === 1 ? { op: 'column', column: x } : { op: 'abs', of: nested(depth - 1) }
}

/** The bytes with another first feature, and the hash that fits. */
function withFeature(feature: unknown): Uint8Array {
  const spec = [feature, features[1]!] as FeatureSpec
  return withHeader((h) => ({ ...h, features: spec, featureSpecHash: featureSpecHash(spec) }))
}

test('a derived feature is read with its expression, and its hash covers it', () => {
  const read = parseArtefact(withFeature(change)).header
  expect(read.features).toEqual([change, features[1]])
  const other = { ...change, expression: { ...change.expression!, op: 'add' } } as FeatureColumn
  expect(featureSpecHash([other])).not.toBe(featureSpecHash([change]))
  expect(parseArtefact(withFeature(derived(nested(32)))).header.features[0]?.expression).toEqual(nested(32))
  const many = { ...features[1]!, categories: Array.from({ length: 65 }, (_, i) => `c${i}`) }
  const isLast = { op: 'isEqual', of: { op: 'column', column: many }, value: 'c64' }
  expect(parseArtefact(withFeature(derived(isLast))).header.features[0]?.expression).toEqual(isLast)
})

test('the hash of features that are not derived is what it always was', () => {
  expect(featureSpecHash(features)).toBe('97d32dcf9ac7513395782eb48204306f1febaa43d49f60347b02a927e5823635')
})

test.each<[string, unknown]>([
  ['an expression of code', derived('v.x + 1')],
  ['an unknown operation', derived({ op: 'eval', of: { op: 'column', column: x } })],
  ['a column that is only named', derived({ op: 'column', column: 'v.x' })],
  ['a derived column of a derived one', derived({ op: 'column', column: change })],
  ['two snapshots back', derived({ op: 'column', column: { ...before, lag: 2 } })],
  ['a value before that must be there', derived({ op: 'column', column: { ...before, optional: false } })],
  ['an expression of another view', { ...change, view: 'v' }],
  ['an expression that is no number', { ...change, type: 'int' }],
  ['an expression that is never null', { ...change, optional: false }],
  [
    'more categories than a forest reads',
    { ...features[1]!, name: 'v.x', categories: Array.from({ length: 65 }, (_, i) => `c${i}`) },
  ],
  ['no expression under its name', { ...change, expression: null }],
  ['a value before as an input of its own', before],
  ['an expression that is too deep', derived(nested(33))],
])('a feature is refused: %s', (_, feature) => {
  expect(() => parseArtefact(withFeature(feature))).toThrow(refused)
})

test('a header that nests deeper than any stack is refused', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  expect(() =>
    parseArtefact(withHeader((h) => canonicalJson({ ...h, features: 0 }).replace(':0', `:${deep}`))),
  ).toThrow(refused)
})

test('the layout is the documented one', () => {
  expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('VGML')
  expect([...new Uint32Array(bytes.buffer, 4, 3)]).toEqual([3, headerBytes, 0])
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + headerBytes)))).toEqual(good.header)
  expect([...new Int32Array(bytes.buffer, rootsAt, 3)]).toEqual([...forest.roots])
  expect([...new Float32Array(bytes.buffer, nodesAt + 16 * nodes, nodes)]).toEqual([...forest.covers!])
  expect(bytes.length).toBe(nodesAt + 16 * nodes + 4 * nodes)
})

test.each([1, 3, 8])('it is read from %i bytes into a larger buffer, as files and sockets give it', (offset) => {
  const larger = new Uint8Array(bytes.length + 20)
  larger.set(bytes, offset)
  const read = parseArtefact(larger.subarray(offset, offset + bytes.length))
  expect(scoreColumns(read, columns, rows)).toEqual(predictColumns(forest, columns, rows))
})

test('it is read from memory that threads share', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  expect(forestIn(parseArtefact(shared)).words).toEqual(forest.words)
})

test.each<[string, Uint8Array, string]>([
  ['empty bytes', new Uint8Array(), 'too short'],
  ['another format version', bytes.with(4, 2), 'format version is 2'],
  ['a header that is longer than the file', bytes.with(11, 1), 'does not fit'],
  ['a header that is not UTF-8', bytes.with(20, 0xff), 'not UTF-8'],
  ['one byte more', Uint8Array.from([...bytes, 0]), 'bytes'],
  ['a byte in a gap', bytes.with(nodesAt - 1, 1), 'gap'],
  ['a header that is no object', withHeader(() => []), 'other fields'],
  ['a header with other white space', withHeader((h) => JSON.stringify(h, null, 1)), 'not canonical'],
  ['a duplicate field', withHeader((h) => canonicalJson(h).replace('{', '{"model":"linear",')), 'not canonical'],
  ['a field too many', withHeader((h) => ({ ...h, more: 1 })), 'other fields'],
  ['a field too few', withHeader(({ threshold: _, ...h }) => h), 'other fields'],
  ['a threshold above 1', withHeader((h) => ({ ...h, threshold: 1.5 })), 'between 0 and 1'],
  [
    'three classes of two',
    withHeader((h) => ({ ...h, target: { kind: 'binary', classes: ['a', 'b', 'c'] } })),
    'the target',
  ],
  ['a class twice', withHeader((h) => ({ ...h, target: { kind: 'binary', classes: ['a', 'a'] } })), 'the target'],
  ['no threshold', withHeader((h) => ({ ...h, threshold: null })), 'between 0 and 1'],
  ['another null handling', withHeader((h) => ({ ...h, nulls: 'mean_and_indicator' })), 'null handling'],
  ['a kind of model that is not known', withHeader((h) => ({ ...h, model: 'network' })), 'kind of model'],
  [
    'another kind of model',
    withHeader((h) => ({ ...h, model: 'linear', nulls: 'mean_and_indicator' })),
    'another model',
  ],
  [
    'a calibration that is not there',
    withHeader((h) => ({ ...h, calibration: { kind: 'platt', of: 'score' } })),
    'of another size',
  ],
  ['an unknown trainer', withHeader((h) => ({ ...h, trainer: { kind: 'boosting' } })), 'the trainer'],
  ['features that do not have their hash', withHeader((h) => ({ ...h, features: features.slice(0, 1) })), 'their hash'],
  [
    'a feature of an unknown type',
    withHeader((h) => ({ ...h, features: [{ ...features[0], type: 'text' }] })),
    'malformed',
  ],
  [
    'another number of trees',
    withHeader(({ trainer: t, ...h }) => ({ ...h, trainer: { ...(t as object), trees: 2 } })),
    'makes other',
  ],
  [
    'another number of nodes',
    withSections((s) => ({ ...s, nodes: s.nodes! - 1, covers: s.covers! - 1 })),
    'its header says',
  ],
  ['more nodes than memory', withSections((s) => ({ ...s, nodes: 1e15 })), 'number of nodes'],
  ['a section that is not known', withSections((s) => ({ ...s, code: 1 })), 'not known'],
  ['leaves of several classes', withSections((s) => ({ ...s, leaves: 2 })), 'leaves are of another'],
  ['covers of fewer nodes', withSections((s) => ({ ...s, covers: 1 })), 'covers are of another'],
  ['a first tree that begins late', bytes.with(rootsAt, 1), 'first tree'],
  ['trees in another order', bytes.with(rootsAt + 4, 0), 'tree 0 has no nodes'],
  ['a leaf above 1', withValue(leaf, 1.0001), 'holds no probability'],
  ['a leaf that is NaN', withValue(leaf, Number.NaN), 'holds no probability'],
  ['a leaf with a child', withWord(leaf, 3, () => 5), 'has a child'],
  ['a threshold that is infinite', withValue(numeric, Number.NEGATIVE_INFINITY), 'has no threshold'],
  ['a feature that is not there', withWord(numeric, 2, () => 2), 'splits no feature'],
  ['a flag that is not known', withWord(numeric, 2, (old) => old | (1 << 20)), 'splits no feature'],
  ['a threshold for a category', withWord(category, 2, (old) => old & ~CATEGORY), 'wrongly'],
  ['a category that is not there', withWord(category, 0, (old) => old | (1 << 3)), 'more categories'],
  ['a category in the upper half', withWord(category, 1, () => 1), 'more categories'],
  ['a child that is its own parent', withWord(0, 3, () => 0), 'outside its tree'],
  ['a child before its parent', withWord(secondRoot, 3, () => 1), 'outside its tree'],
  ['a child in the next tree', withWord(0, 3, () => secondRoot), 'outside its tree'],
  ['a child beyond the end', withWord(0, 3, () => 1 << 28), 'outside its tree'],
  ['two parents of a node', withWord(2, 3, () => grown.words[4 + 3]!), 'two parents'],
  [
    'nodes that nobody points to',
    withWord(
      0,
      3,
      () => 0,
      withWord(0, 2, () => LEAF),
    ),
    'has no parent',
  ],
])('refused: %s', (_, damaged, problem) => {
  expect(() => parseArtefact(damaged)).toThrow(refused)
  expect(() => parseArtefact(damaged)).toThrow(problem)
})

/** Parses; what is let through must still give probabilities. */
function readAndUse(damaged: Uint8Array): void {
  let model: Model
  try {
    model = parseArtefact(damaged)
  } catch (error) {
    expect(error).toEqual(refused)
    return
  }
  const width = model.header.features.length
  for (const score of scoreColumns(model, columns.slice(0, width), rows)) {
    expect(score >= 0 && score <= 1).toBe(true)
  }
}

test('any flipped bits are refused or give a model that still answers with probabilities', () => {
  const flip = fc.record({ at: fc.nat(bytes.length - 1), bit: fc.nat(7) })
  fc.assert(
    fc.property(fc.array(flip, { minLength: 1, maxLength: 4 }), (flips) => {
      const damaged = bytes.slice()
      for (const { at, bit } of flips) damaged[at]! ^= 1 << bit
      readAndUse(damaged)
    }),
    { numRuns: 3000 },
  )
})

test('any 32-bit word in place of another is refused or still answers with probabilities', () => {
  const word = fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 0x7fffffff, -0x80000000, 0x7ff00000))
  fc.assert(
    fc.property(fc.nat(bytes.length / 4 - 1), word, (at, value) => {
      const damaged = bytes.slice()
      new DataView(damaged.buffer).setInt32(4 * at, value, true)
      readAndUse(damaged)
    }),
    { numRuns: 3000 },
  )
})

test('a file that is cut at any byte is refused', () => {
  for (let length = 0; length < bytes.length; length++) {
    expect(() => parseArtefact(bytes.slice(0, length))).toThrow(refused)
  }
})

test('arbitrary bytes are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (any) => void expect(() => parseArtefact(any)).toThrow(refused)),
  )
})
