import { expect, test, vi } from 'vitest'
import streamflow from '../../../../examples/streamflow/vigie.config.ts'
import { GraphWriter, Type } from '../../src/adapters/onnx/graph.ts'
import { graphRuntime } from '../../src/adapters/onnx/graph-runtime.ts'
import { graphShape } from '../../src/adapters/onnx/graph-shape.ts'
import { TRUE_OR_FALSE } from '../../src/domain/model/target.ts'
import { predictions } from '../../src/http/predict.ts'
import { openServingModel } from '../../src/http/serving-model.ts'
import { foreignArtefact } from '../../src/loop/register-model.ts'
import { constantModel, KNOWN, silent, storesForTests } from './serving.ts'

const stores = storesForTests(streamflow)
const { features } = streamflow.model

/** A champion whose answers are the softmax of its inputs. */
function graphModel(): Uint8Array {
  const graph = new GraphWriter()
  graph.node('Softmax', ['X'], {}, { output: 'probabilities' })
  const bytes = graph.model({
    name: 'm',
    producer: { name: 'somebody', version: '1' },
    text: '',
    inputs: [{ name: 'X', type: Type.float, shape: ['rows', features.length] }],
    outputs: [{ name: 'probabilities', type: Type.float, shape: ['rows', 2] }],
    metadata: {},
  })
  const proof = { rows: 100, sha256: 'ab'.repeat(32) }
  const names = features.map(({ name }) => name)
  const { shape } = graphShape(bytes, { features, target: TRUE_OR_FALSE, names, proof })
  const origin = { kind: 'imported', tool: 'ONNX', version: '1', sha256: 'ab'.repeat(32) } as const
  return foreignArtefact(streamflow, origin, { kind: 'graph', graph: { shape, bytes } })
}

test('a champion whose runtime is not installed changes nothing: the one before goes on', async () => {
  vi.stubEnv('VIGIE_ONNXRUNTIME', stores.folder)
  const { registry, artefacts, online } = stores.ports
  await stores.know({ known: KNOWN })
  for (const graphs of [graphRuntime(), undefined]) {
    const { version } = await stores.enthrone(constantModel(streamflow, 0.25))
    const serving = await openServingModel({ registry, artefacts, graphs, project: streamflow, logger: silent })
    const { predict } = predictions(streamflow, online, serving)
    const before = serving.current()
    await stores.enthrone(graphModel())
    await serving.refresh()
    expect(serving.failure()).toMatchObject({ code: 'model_runtime_missing' })
    expect(serving.current()).toBe(before)
    expect(await predict('known')).toMatchObject({ version, probability: 0.25 })
    await serving.close()
  }
  vi.unstubAllEnvs()
})
