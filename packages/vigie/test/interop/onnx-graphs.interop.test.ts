import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import streamflow from '../../../../examples/streamflow/vigie.config.ts'
import { exportOnnx } from '../../src/adapters/onnx/export-model.ts'
import { graphRuntime } from '../../src/adapters/onnx/graph-runtime.ts'
import { graphShape } from '../../src/adapters/onnx/graph-shape.ts'
import { admit } from '../../src/cli/commands/model/admit.ts'
import { asOf } from '../../src/domain/as-of.ts'
import { featureSpecHash } from '../../src/domain/feature-spec.ts'
import { compareAnswers } from '../../src/domain/interchange/compare-answers.ts'
import { linearLength, linearOver } from '../../src/domain/linear/linear.ts'
import { encodeArtefact, parseArtefact } from '../../src/domain/model/artefact.ts'
import { scoreColumns } from '../../src/domain/model/model.ts'
import { outputWidth } from '../../src/domain/model/target.ts'
import { logisticRegression } from '../../src/domain/trainer.ts'
import { predictions } from '../../src/http/predict.ts'
import { openServingModel } from '../../src/http/serving-model.ts'
import { labelledRows, split } from '../../src/loop/dataset.ts'
import { decide } from '../../src/loop/decide.ts'
import { evaluate } from '../../src/loop/evaluate.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { materialize } from '../../src/loop/materialize.ts'
import { promote } from '../../src/loop/promote.ts'
import { registerModel } from '../../src/loop/register-model.ts'
import { silent } from '../http/serving.ts'
import { loopForTests } from '../loop/loop-for-tests.ts'
import { smallMonths } from '../small-months.ts'
import { modelColumns, SPEC, targetOf } from './model-rows.ts'
import { ask } from './peers.ts'

interface Case {
  readonly name: string
  readonly target: 'binary' | 'classes' | 'number'
  readonly model: string
  readonly rows: readonly (readonly (number | string | null)[])[]
  readonly expected: readonly (readonly number[])[]
  readonly features: readonly string[] | null
}

const folderOfRuntime = inject('runtime')
if (folderOfRuntime !== null) process.env.VIGIE_ONNXRUNTIME = folderOfRuntime
const runtime = graphRuntime()
const JANUARY = asOf('2024-01-31')
const bytesOf = ({ model }: Case) => new Uint8Array(Buffer.from(model, 'base64'))

describe.skipIf(folderOfRuntime === null)('an ONNX graph that is no ensemble of trees', () => {
  it('is asked for our rows, many at once and one by one, and answers as scikit-learn does', async () => {
    const numbers = SPEC.filter(({ type }) => type !== 'category').map((column) => ({
      ...column,
      type: 'float' as const,
    }))
    const cases = await ask<readonly Case[]>('onnx_graphs.py', null, 'models')
    for (const each of cases) {
      const name = `${each.name}, ${each.target}`
      const target = targetOf(each.target)
      const features =
        each.features === null
          ? numbers
          : SPEC.filter(({ feature }) => ['age', 'plan'].includes(feature) || feature === 'visits').map((column) =>
              column.type === 'int' ? { ...column, optional: false } : column,
            )
      const rows = Object.fromEntries(
        features.map((column, f) => {
          const at = each.features?.indexOf(column.feature) ?? f
          return [column.name, each.rows.map((row) => row[at]!)]
        }),
      )
      const columns = modelColumns(features, rows)
      const names = each.features === null ? features.map((column) => column.name) : undefined
      const proof = { rows: each.rows.length, sha256: 'ab'.repeat(32) }
      const { shape } = graphShape(bytesOf(each), { features, target, names, proof })
      const graph = await runtime.open({ graph: { shape, bytes: bytesOf(each) }, features, target })
      const many = await graph.answers(columns, each.rows.length)
      const width = outputWidth(target)
      const { worst } = compareAnswers(many, Float64Array.from(each.expected.flat()), width)
      expect(worst, name).toBeLessThan(each.target === 'number' ? 1e-5 : 2e-6)
      for (let i = 0; i < 20; i++) {
        const one = await graph.answers(
          columns.map((column) => column.subarray(i, i + 1)),
          1,
        )
        for (let k = 0; k < width; k++) expect(one[k], name).toBeCloseTo(many[i * width + k]!, 6)
      }
      const [last] = await Promise.all([graph.answers(columns, 1), graph.close()])
      expect(last[0], name).toBeCloseTo(many[0]!, 6)
    }
  })

  it('that we wrote ourselves answers as the model that it is of', async () => {
    const features = SPEC
    const target = targetOf('classes')
    const linear = linearOver(new Float64Array(linearLength(features, target)), features, target)
    linear.scale.set(features.map(({ type }) => (type === 'category' ? 1 : 2)))
    linear.coefficients.forEach((_, i) => {
      linear.coefficients[i] = Math.sin(i)
    })
    const bytes = encodeArtefact(
      {
        trainer: logisticRegression(),
        features,
        featureSpecHash: featureSpecHash(features),
        target,
        threshold: null,
        trainingRowsHash: 'ab'.repeat(32),
        definitionHash: '12'.repeat(32),
      },
      { kind: 'linear', linear },
    )
    const ours = parseArtefact(bytes)
    const exported = exportOnnx(ours, { name: 'm', version: 1, sha256: '' })
    const { shape } = graphShape(exported, {
      features,
      target,
      names: undefined,
      proof: { rows: 1, sha256: 'ab'.repeat(32) },
    })
    const graph = await runtime.open({ graph: { shape, bytes: exported }, features, target })
    const columns = features.map(({ categories }, f) =>
      Float64Array.from({ length: 9000 }, (_, i) => {
        if ((i + f) % 7 === 0) return Number.NaN
        return categories ? i % categories.length : Math.fround(Math.sin(i * (f + 1)))
      }),
    )
    const { worst } = compareAnswers(await graph.answers(columns, 9000), scoreColumns(ours, columns, 9000), 3)
    expect(worst).toBeLessThan(1e-6)
    await graph.close()
  })
})

describe.skipIf(folderOfRuntime === null)('a pipeline of scikit-learn', () => {
  const loop = loopForTests()

  it('is admitted by recorded rows, compared with the champion, promoted and served; so is what replaces it', async () => {
    const { ports } = loop
    const { features } = streamflow.model
    const months = await smallMonths(path.join(loop.folder, 'months'))
    await ingest(ports, streamflow, { dir: path.join(months, 'month_000'), asOf: JANUARY, correction: false })
    await materialize(ports, streamflow)
    const { training } = split(await labelledRows(ports, streamflow, JANUARY), streamflow.model.holdout)
    const rows = training.rows.keys.map((_, i) => training.rows.columns.map((column) => finite(column[i]!)))
    const [logistic, network] = await ask<[Case, Case]>(
      'onnx_graphs.py',
      { rows, label: [...training.rows.label] },
      'models',
    )
    const trainedOn = { keys: training.rows.keys, baseRate: null }
    const offered = (made: Case, expected: unknown) => {
      const folder = path.join(loop.folder, made.name)
      mkdirSync(folder, { recursive: true })
      const readable = rows.map((row) =>
        Object.fromEntries(features.map(({ name, categories }, f) => [name, categories?.[row[f]!] ?? row[f]!])),
      )
      writeFileSync(path.join(folder, 'rows.json'), JSON.stringify(readable))
      writeFileSync(path.join(folder, 'answers.json'), JSON.stringify(expected))
      return {
        file: 'model.onnx',
        bytes: bytesOf(made),
        names: features.map(({ name }) => name),
        records: path.join(folder, 'rows.json'),
        expected: path.join(folder, 'answers.json'),
      }
    }
    const wrong = logistic.expected.map(([p], i) => (i === 41 ? p! + 2e-5 : p!))
    await expect(admit(streamflow, offered(logistic, wrong))).rejects.toMatchObject({
      code: 'model_scores_differ',
      details: { row: 42 },
    })

    const imported = async (made: Case) => {
      const { origin, body, size, proof } = await admit(streamflow, offered(made, made.expected))
      expect({ kind: body.kind, rows: proof.rows, ...size }).toMatchObject({ kind: 'graph', rows: rows.length })
      return registerModel(ports, streamflow, { origin, body, asOf: JANUARY, trainedOn })
    }
    const compared = async (challenger: number) =>
      decide(ports, streamflow, await evaluate(ports, streamflow, { asOf: JANUARY, challenger }))
    const first = await imported(logistic)
    const decided = await compared(first.version)
    expect(decided).toMatchObject({ outcome: 'promote' })
    await promote(ports, streamflow, { decision: decided.id, actor: 'test' })

    const { registry, artefacts, online, graphs } = ports
    const serving = await openServingModel({ registry, artefacts, graphs, project: streamflow, logger: silent })
    try {
      const { predict, explain } = predictions(streamflow, online, serving)
      const expectServed = async (version: number, { expected }: Case) => {
        for (let i = 0; i < 25; i++) {
          const answer = await predict(training.rows.keys[i]!)
          expect(answer).toMatchObject({ version, probability: expect.closeTo(expected[i]![0]!, 5) })
        }
      }
      expect(serving.failure()).toBeNull()
      await expectServed(first.version, logistic)
      await expect(explain(training.rows.keys[0]!)).rejects.toMatchObject({ code: 'explanation_unavailable' })

      const second = await imported(network)
      const evidence = await evaluate(ports, streamflow, { asOf: JANUARY, challenger: second.version })
      expect(evidence).toMatchObject({ champion: first.version, challenger: second.version })
      const { epoch } = (await registry.champion(streamflow.model.name))!
      const model = streamflow.model.name
      const asked = predict(training.rows.keys[0]!)
      await registry.promote({ model, version: second.version, expectedEpoch: epoch, decision: null, actor: 'test' })
      await serving.refresh()
      expect(await asked).toMatchObject({ version: first.version })
      await expectServed(second.version, network)

      const kept = parseArtefact(await artefacts.get(second.artefact))
      expect(() => exportOnnx(kept, { name: 'm', version: 2, sha256: '' })).toThrow(
        expect.objectContaining({ code: 'model_not_exported' }),
      )
    } finally {
      await serving.close()
    }
  })
})

const finite = (value: number): number | null => (Number.isNaN(value) ? null : value)
