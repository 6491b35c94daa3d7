import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import fc from 'fast-check'
import { afterAll, describe, expect, test, vi } from 'vitest'
import streamflow from '../../../../examples/streamflow/vigie.config.ts'
import { checkGraph } from '../../src/adapters/onnx/check-graph.ts'
import { exportOnnx } from '../../src/adapters/onnx/export-model.ts'
import { GraphWriter, Type } from '../../src/adapters/onnx/graph.ts'
import { graphRuntime } from '../../src/adapters/onnx/graph-runtime.ts'
import { graphShape } from '../../src/adapters/onnx/graph-shape.ts'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import { admit } from '../../src/cli/commands/model/admit.ts'
import { canonicalJson } from '../../src/domain/canonical-json.ts'
import { explainerOf } from '../../src/domain/explain/explain-model.ts'
import { encodeArtefact, parseArtefact } from '../../src/domain/model/artefact.ts'
import type { GraphShape } from '../../src/domain/model/graph.ts'
import { scoreColumns } from '../../src/domain/model/model.ts'
import { TRUE_OR_FALSE } from '../../src/domain/model/target.ts'
import { foreignArtefact } from '../../src/loop/register-model.ts'

const { features } = streamflow.model
const width = features.length
const refused = (code: string) => expect.objectContaining({ code })
const proof = { rows: 100, sha256: 'ab'.repeat(32) }
const names = features.map(({ name }) => name)
const asked = { features, target: TRUE_OR_FALSE, names, proof }

interface Ports {
  readonly inputs?: Parameters<GraphWriter['model']>[0]['inputs']
  readonly outputs?: Parameters<GraphWriter['model']>[0]['outputs']
}

/** A graph of one matrix and two probabilities, with operators of the test's own. */
function graphOf(write: (graph: GraphWriter) => unknown, { inputs, outputs }: Ports = {}): Uint8Array {
  const graph = new GraphWriter()
  write(graph)
  return graph.model({
    name: 'm',
    producer: { name: 'skl2onnx', version: '1.20.0' },
    text: '',
    inputs: inputs ?? [{ name: 'X', type: Type.float, shape: ['rows', width] }],
    outputs: outputs ?? [
      { name: 'label', type: Type.int64, shape: ['rows'] },
      { name: 'probabilities', type: Type.float, shape: ['rows', 2] },
    ],
    metadata: {},
  })
}

const softmax = (graph: GraphWriter) => graph.node('Softmax', ['X'], {}, { output: 'probabilities' })
const good = graphOf(softmax)

/** The bytes of a message with one more field of bytes. */
function withField(message: Uint8Array, field: number, bytes: Uint8Array): Uint8Array {
  const writer = new BinaryWriter()
  writer.raw(message)
  writer.tag(field, WireType.LengthDelimited).bytes(bytes)
  return writer.finish()
}

/** A model whose graph is these bytes. */
function modelOf(graph: Uint8Array): Uint8Array {
  const writer = new BinaryWriter()
  writer.tag(1, WireType.Varint).int64(8)
  return withField(withField(writer.finish(), 7, graph), 8, new Uint8Array())
}

const text = (value: string) => new TextEncoder().encode(value)
const message = (...fields: readonly (readonly [number, Uint8Array])[]) =>
  fields.reduce<Uint8Array>((bytes, [field, value]) => withField(bytes, field, value), new Uint8Array())
const nodeOf = (...fields: readonly (readonly [number, Uint8Array])[]) =>
  modelOf(message([1, message([1, text('X')], [2, text('p')], ...fields)]))
const external = message([13, message([1, text('location')], [2, text('/etc/passwd')])])

describe('a graph', () => {
  test('of known operators is let through', () => {
    expect(() => checkGraph(good)).not.toThrow()
  })

  test.each<[string, Uint8Array, string, string]>([
    ['a loop', graphOf((graph) => graph.node('Loop', ['X'])), 'model_file_unsupported', 'Loop'],
    ['a branch', graphOf((graph) => graph.node('If', ['X'])), 'model_file_unsupported', 'If'],
    ['ZipMap', graphOf((graph) => graph.node('ZipMap', ['X'])), 'model_file_unsupported', 'zipmap'],
    [
      'an operator of somebody',
      graphOf((graph) => graph.node('Add', ['X'], {}, { domain: 'com.somebody' })),
      'model_file_unsupported',
      'com.somebody',
    ],
    [
      'more nodes than any converter writes',
      graphOf((graph) => {
        for (let i = 0; i < 1001; i++) graph.node('Neg', ['X'])
      }),
      'model_file_limit',
      '1000 nodes',
    ],
    ['numbers in another file', modelOf(message([5, external])), 'model_file_unsafe', 'none is read from others'],
    [
      'numbers of an attribute in another file',
      nodeOf([4, text('Constant')], [5, message([1, text('value')], [5, external])]),
      'model_file_unsafe',
      'none is read from others',
    ],
    [
      'the second of two attributes of one name with numbers in another file',
      nodeOf([4, text('Constant')], [5, message([1, text('value')], [5, external])], [5, message([1, text('value')])]),
      'model_file_unsafe',
      'none is read from others',
    ],
    [
      'a graph within a node',
      nodeOf([4, text('Add')], [5, message([6, message()])]),
      'model_file_unsupported',
      'field 6',
    ],
    ['a sparse constant', modelOf(message([15, message([1, external])])), 'model_file_unsupported', 'field 15'],
    ['functions', withField(good, 25, message([1, text('Add')])), 'model_file_unsupported', 'field 25'],
    ['training', withField(good, 20, message()), 'model_file_unsupported', 'field 20'],
    ['two graphs, which a runtime would merge', withField(good, 7, message()), 'model_file_invalid', 'one graph'],
    ['no graph', message([8, message()]), 'model_file_invalid', 'one graph'],
    ['operators of another domain', withField(good, 8, message([1, text('evil')])), 'model_file_unsupported', 'evil'],
    ['more bytes than a server reads at once', new Uint8Array(33 << 20), 'model_file_limit', 'at most'],
  ])('with %s is refused, before each load and without a runtime', async (_, bytes, code, says) => {
    expect(() => checkGraph(bytes)).toThrow(refused(code))
    expect(() => checkGraph(bytes)).toThrow(says)
    expect(() => graphShape(bytes, asked)).toThrow(refused(code))
    const graph = { shape: graphShape(good, asked).shape, bytes }
    await expect(graphRuntime().open({ ...asked, graph })).rejects.toThrow(refused(code))
  })

  test('that is cut or changed anywhere is read or refused', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.boolean(), (at, byte, isCut) => {
        const changed = isCut ? good.subarray(0, at) : good.slice()
        if (!isCut) changed[at] = byte
        try {
          graphShape(changed, asked)
        } catch (error) {
          expect((error as { code?: string }).code, String(error)).toMatch(/^model_(file|inputs)_/)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('the inputs and outputs of a graph', () => {
  const port = (name: string, type: number, shape: readonly (number | string)[]) => ({ name, type, shape })
  const probabilities = port('probabilities', Type.float, ['rows', 2])

  test('are one matrix in the order that is given, or columns by their names', () => {
    expect(graphShape(good, asked).shape).toEqual({
      inputs: [{ name: 'X', type: 'float32', columns: names.map((_, feature) => ({ feature, is: null })) }],
      output: { name: 'probabilities', width: 2, columns: [1] },
      proof,
    })
    const inputs = [
      port('net_service', Type.text, ['rows', 1]),
      port('skips_7d', Type.int64, ['rows', 1]),
      port('subscription.net_service=DSL', Type.float, ['rows', 1]),
    ]
    const { shape } = graphShape(graphOf(softmax, { inputs }), { ...asked, names: undefined })
    const [service, skips] = ['subscription.net_service', 'usage.skips_7d'].map((name) => names.indexOf(name))
    expect(shape.inputs).toEqual([
      { name: 'net_service', type: 'string', columns: [{ feature: service, is: null }] },
      { name: 'skips_7d', type: 'int64', columns: [{ feature: skips, is: null }] },
      { name: 'subscription.net_service=DSL', type: 'float32', columns: [{ feature: service, is: 0 }] },
    ])
  })

  test('of a file of ours are told by its metadata', () => {
    const graph = new GraphWriter()
    softmax(graph)
    const bytes = graph.model({
      name: 'm',
      producer: { name: 'vigie', version: '0.1.0' },
      text: '',
      inputs: [port('features', Type.float, ['rows', width])],
      outputs: [probabilities],
      metadata: { features: JSON.stringify(features.toReversed()) },
    })
    const [input] = graphShape(bytes, { ...asked, names: undefined }).shape.inputs
    expect(input!.columns.map(({ feature }) => feature)).toEqual(names.map((_, f) => width - 1 - f))
  })

  test.each<[string, Ports, string]>([
    ['a whole number that may be null', { inputs: [port('plan_stream_tv', 9, ['rows', 1])] }, 'model_inputs_unknown'],
    ['a feature that is none', { inputs: [port('height', Type.float, ['rows', 1])] }, 'model_inputs_unknown'],
    ['several matrices', { inputs: [port('a', 1, ['rows', 2]), port('b', 1, ['rows', 2])] }, 'model_file_unsupported'],
    ['half floats', { inputs: [port('skips_7d', 10, ['rows', 1])] }, 'model_file_unsupported'],
    ['a text that is a number', { inputs: [port('skips_7d', Type.text, ['rows', 1])] }, 'model_file_unsupported'],
    ['no probability', { outputs: [port('label', Type.int64, ['rows'])] }, 'model_file_unsupported'],
    ['three classes', { outputs: [port('probabilities', Type.float, ['rows', 3])] }, 'model_file_unsupported'],
  ])('are refused: %s', (_, ports, code) => {
    expect(() => graphShape(graphOf(softmax, ports), { ...asked, names: ports.inputs ? undefined : names })).toThrow(
      refused(code),
    )
  })

  test('a class has the place that the file gives to its name', () => {
    const target = { kind: 'classes', classes: ['low', 'middle', 'high'] } as const
    const labels = (graph: GraphWriter) =>
      graph.node('LinearClassifier', ['X'], { classlabels_strings: { texts: ['high', 'low', 'middle'] } })
    const outputs = [port('probabilities', Type.float, ['rows', 3])]
    const { shape } = graphShape(graphOf(labels, { outputs }), { ...asked, target })
    expect(shape.output.columns).toEqual([1, 2, 0])
    expect(graphShape(graphOf(softmax, { outputs }), { ...asked, target }).shape.output.columns).toEqual([0, 1, 2])
    expect(graphShape(graphOf(softmax, { outputs: [probabilities] }), asked).shape.output.columns).toEqual([1])
  })
})

const shapeOf = (): GraphShape => graphShape(good, asked).shape
const origin = { kind: 'imported', tool: 'ONNX', version: 'skl2onnx 1.20.0', sha256: 'ab'.repeat(32) } as const
const artefactOf = (shape = shapeOf()) =>
  foreignArtefact(streamflow, origin, { kind: 'graph', graph: { shape, bytes: good } })

describe('the artefact of a graph', () => {
  test('is read as it was written, and holds how it was proven', () => {
    const model = parseArtefact(artefactOf())
    expect(model.header).toMatchObject({ model: 'graph', nulls: 'not_a_number', graph: { proof }, calibration: null })
    expect(model.body.kind === 'graph' && model.body.graph.bytes).toEqual(good)
    expect(foreignArtefact(streamflow, origin, model.body)).toEqual(artefactOf())
  })

  test.each<[string, (shape: GraphShape) => unknown]>([
    [
      'a feature that is none',
      ({ inputs: [X], ...shape }) => ({ ...shape, inputs: [{ ...X, columns: [{ feature: width, is: null }] }] }),
    ],
    ['a text of a number', ({ inputs: [X], ...shape }) => ({ ...shape, inputs: [{ ...X, type: 'string' }] })],
    ['two inputs of one name', ({ inputs: [X], ...shape }) => ({ ...shape, inputs: [X, X] })],
    ['no inputs', (shape) => ({ ...shape, inputs: [] })],
    ['an answer outside', (shape) => ({ ...shape, output: { ...shape.output, columns: [2] } })],
    ['two answers for one', (shape) => ({ ...shape, output: { ...shape.output, columns: [0, 1] } })],
    ['no proof', ({ proof: _, ...shape }) => shape],
    ['a proof of no rows', (shape) => ({ ...shape, proof: { ...proof, rows: 0 } })],
    ['something else', (shape) => ({ ...shape, path: '/etc/passwd' })],
  ])('is refused with %s', (_, change) => {
    expect(() => artefactOf(change(shapeOf()) as GraphShape)).toThrow(refused('artefact_invalid'))
  })

  test('of a model that was trained here is refused', () => {
    const { trainer } = streamflow.model
    const { header, body } = parseArtefact(artefactOf())
    expect(() => parseArtefact(encodeArtefact({ ...header, trainer }, body))).toThrow(refused('artefact_invalid'))
  })

  test('is neither explained nor exported nor scored without its runtime', () => {
    const model = parseArtefact(artefactOf())
    expect(() => explainerOf(model)).toThrow(refused('explanation_unavailable'))
    expect(() => exportOnnx(model, { name: 'm', version: 1, sha256: '' })).toThrow(refused('model_not_exported'))
    expect(() => scoreColumns(model, [], 0)).toThrow('runtime')
    expect(canonicalJson(model.header)).toContain('"model":"graph"')
  })
})

describe('where no runtime is installed', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-graphs-'))
  vi.stubEnv('VIGIE_ONNXRUNTIME', folder)
  const compute = workerThreads({ threads: 1 })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await compute.close()
    rmSync(folder, { recursive: true })
  })
  const missing = expect.objectContaining({
    code: 'model_runtime_missing',
    hint: expect.stringContaining('npm install'),
  })

  test('a graph is not opened, and what installs the runtime is said', async () => {
    const graph = { shape: shapeOf(), bytes: good }
    await expect(graphRuntime().open({ ...asked, graph })).rejects.toEqual(missing)
  })

  test('its rows are not scored, and no model is admitted', async () => {
    const rows = { spec: features, keys: ['a'], columns: features.map(() => Float64Array.of(0)), label: null }
    await expect(compute.run('score', { artefact: artefactOf(), rows })).rejects.toEqual(missing)
    await expect(compute.run('latency', { artefact: artefactOf(), rows })).rejects.toEqual(missing)
    const [records, expected] = ['rows.json', 'answers.json'].map((name) => path.join(folder, name)) as [string, string]
    writeFileSync(
      records,
      JSON.stringify([Object.fromEntries(names.map((name, f) => [name, features[f]!.categories?.[0] ?? 0]))]),
    )
    writeFileSync(expected, '[0.5]')
    const offered = { file: 'm.onnx', bytes: good, names, records, expected }
    await expect(admit(streamflow, offered)).rejects.toEqual(missing)
  })
})
