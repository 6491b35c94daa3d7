import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import streamflow from '../../../../examples/streamflow/vigie.config.ts'
import { exportOnnx } from '../../src/adapters/onnx/export-model.ts'
import { GraphWriter } from '../../src/adapters/onnx/graph.ts'
import { readModelFile } from '../../src/cli/commands/model/read-model-file.ts'
import { readExpected, readRecords } from '../../src/cli/commands/model/records.ts'
import { compareAnswers } from '../../src/domain/interchange/compare-answers.ts'
import { featureInputs } from '../../src/domain/interchange/feature-inputs.ts'
import { packTrees } from '../../src/domain/interchange/pack-trees.ts'
import { parseArtefact } from '../../src/domain/model/artefact.ts'
import { scoreColumns } from '../../src/domain/model/model.ts'
import { TRUE_OR_FALSE } from '../../src/domain/model/target.ts'
import { foreignArtefact } from '../../src/loop/register-model.ts'

const folder = path.join(import.meta.dirname, '../fixtures/models')
const files = readdirSync(folder).filter((file) => /\.(txt|json)$/.test(file))
const { features } = streamflow.model
const records = readRecords(path.join(folder, 'rows.csv'), features)

const read = (file: string) => readModelFile(file, readFileSync(path.join(folder, file)))
const packed = (model: ReturnType<typeof read>) => packTrees(model, featureInputs(model.inputs, features), features)
const refused = (code: string) => expect.objectContaining({ code })

test.each(files)('%s answers as the tool did', (file) => {
  const body = { kind: 'forest', forest: packed(read(file)) } as const
  const origin = { kind: 'imported', tool: 'LightGBM', version: 'v4', sha256: 'ab'.repeat(32) } as const
  const model = parseArtefact(foreignArtefact(streamflow, origin, body))
  const answers = scoreColumns(model, records, records[0]!.length)
  const expected = readExpected(path.join(folder, file.replace(/\.\w+$/, '.csv')), TRUE_OR_FALSE)
  expect(compareAnswers(answers, expected, 1).worst).toBeLessThan(1e-6)
  expect(model.body.kind === 'forest' && model.body.forest.covers).not.toBeNull()
})

test('a model that answers otherwise is refused, and the worst row is named', () => {
  const answers = Float64Array.from({ length: 100 }, () => 0.5)
  const expected = answers.slice()
  expected[41] = 0.6
  expect(() => compareAnswers(answers, expected, 1)).toThrow(
    expect.objectContaining({ code: 'model_scores_differ', details: expect.objectContaining({ row: 42 }) }),
  )
  expect(() => compareAnswers(answers, expected.subarray(1), 1)).toThrow(refused('records_invalid'))
  expect(() => compareAnswers(answers.subarray(1), answers.subarray(1), 1)).toThrow(refused('records_invalid'))
  expected[41] = Number.NaN
  expect(() => compareAnswers(answers, expected, 1)).toThrow(refused('model_scores_differ'))
})

describe('a file that may hold code', () => {
  test.each([
    ['model.pkl', [0x80, 0x04, 0x95]],
    ['model.onnx', [0x80, 0x05, 0x95]],
    ['model.joblib', [0x78, 0x9c]],
    ['model.pickle', [0x28]],
  ])('is refused unread: %s', (file, bytes) => {
    expect(() => readModelFile(file, Uint8Array.from(bytes))).toThrow(refused('model_file_unsafe'))
  })

  test('that names numbers in other files is refused', () => {
    const graph = new GraphWriter()
    graph.node('Add', ['features', graph.doubles([1], [1])], {}, { output: 'sum' })
    const bytes = graph.model({
      name: 'm',
      producer: { name: 'p', version: '1' },
      text: '',
      inputs: [],
      outputs: [],
      metadata: {},
    })
    // Field 13 of the constant, external_data, written in place of its name.
    const at = Buffer.from(bytes).indexOf('constant_0', Buffer.from(bytes).lastIndexOf('constant_0') - 1) - 2
    const changed = bytes.slice()
    changed[at] = (13 << 3) | 2
    expect(() => readModelFile('m.onnx', changed)).toThrow(refused('model_file_unsafe'))
  })
})

describe('a file of another kind', () => {
  const of = (...text: string[]) => new TextEncoder().encode(text.join(''))
  test.each([
    ['model.ubj', of('{L\0\0'), 'model_file_unsupported'],
    ['model.zip', of('PK\u0003\u0004'), 'model_file_unsupported'],
    ['model.cbm', of('CBM1'), 'model_file_unsupported'],
    ['model.bin', of('binf'), 'model_file_unsupported'],
    ['model.json', of('{"a": '), 'model_file_invalid'],
    ['model.json', of('{"a": ', '['.repeat(1e5), ']'.repeat(1e5), '}'), 'model_file_invalid'],
    ['model.txt', of('tree\nversion=v4\n'), 'model_file_invalid'],
    ['empty', of(''), 'model_file_invalid'],
    ['model.onnx', of('not a model'), 'model_file_invalid'],
  ])('is refused: %s', (file, bytes, code) => {
    expect(() => readModelFile(file, bytes)).toThrow(refused(code))
  })
})

describe('a damaged model', () => {
  /** A code of ours, and never another error or none that ends. */
  function tried(file: string, bytes: Uint8Array): void {
    try {
      const model = readModelFile(file, bytes)
      packed(model)
    } catch (error) {
      expect((error as { code?: string }).code, String(error)).toMatch(/^model_(file|inputs)_/)
    }
  }

  test.each(files)('%s cut or changed anywhere is read or refused', (file) => {
    const bytes = readFileSync(path.join(folder, file))
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 32, max: 126 }), fc.boolean(), (at, byte, isCut) => {
        const changed = isCut ? bytes.subarray(0, at) : Uint8Array.from(bytes)
        if (!isCut) changed[at] = byte
        tried(file, changed)
      }),
      { numRuns: 150 },
    )
  })

  test('that is ONNX, cut or changed anywhere, is read or refused', () => {
    const origin = { kind: 'imported', tool: 'ONNX', version: '', sha256: 'ab'.repeat(32) } as const
    const body = { kind: 'forest', forest: packed(read(files[0]!)) } as const
    const model = parseArtefact(foreignArtefact(streamflow, origin, body))
    const bytes = exportOnnx(model, { name: 'm', version: 1, sha256: '' })
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), (at, byte, isCut) => {
        const changed = isCut ? bytes.subarray(0, at) : bytes.slice()
        if (!isCut) changed[at] = byte
        tried('m.onnx', changed)
      }),
      { numRuns: 150 },
    )
  })

  test.each([
    ['a cycle', (text: string) => text.replace(/^left_child=\S+/m, 'left_child=0')],
    ['children outside the tree', (text: string) => text.replace(/^left_child=\S+/m, 'left_child=99')],
    ['a huge count', (text: string) => text.replace(/^num_leaves=\d+/m, 'num_leaves=16777215')],
    ['a threshold that is none', (text: string) => text.replace(/^threshold=\S+/m, 'threshold=nan')],
  ])('with %s is refused', (_, change) => {
    const file = files.find((name) => name.endsWith('.txt'))!
    const text = readFileSync(path.join(folder, file), 'utf8')
    const changed = change(text)
    expect(changed).not.toBe(text)
    expect(() => packed(readModelFile(file, new TextEncoder().encode(changed)))).toThrow(refused('model_file_invalid'))
  })

  test.each([
    ['dart', (text: string) => text.replace('"name":"gbtree"', '"name":"dart"')],
    ['an objective of counts', (text: string) => text.replace('"binary:logistic"', '"count:poisson"')],
  ])('that is %s is not supported', (_, change) => {
    const file = files.find((name) => name.endsWith('.json'))!
    const text = change(readFileSync(path.join(folder, file), 'utf8'))
    expect(() => readModelFile(file, new TextEncoder().encode(text))).toThrow(refused('model_file_unsupported'))
  })
})

test('inputs that are no features are named', () => {
  const inputs = ['f0', 'f1'].map((name) => ({ name, categories: null }))
  expect(() => featureInputs(inputs, features)).toThrow(refused('model_inputs_unknown'))
  expect(() => featureInputs(inputs, features, ['subscription.monthly_fee'])).toThrow(refused('model_inputs_unknown'))
  expect(featureInputs(inputs, features, ['monthly_fee', 'net_service=DSL'])).toMatchObject([
    { kind: 'value' },
    { kind: 'is' },
  ])
})
