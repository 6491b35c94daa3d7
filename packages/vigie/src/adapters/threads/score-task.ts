import { type FeatureSpec, featureSpecHash } from '../../domain/feature-spec.ts'
import { parseArtefact } from '../../domain/model/artefact.ts'
import { scoreColumns } from '../../domain/model/model.ts'
import { VigieError } from '../../errors.ts'
import type { GraphModel } from '../../ports/graph-runtime.ts'
import type { TaskContext } from './serve.ts'

/** Reads the model and scores the rows. Throws `artefact_invalid`, or `feature_spec_mismatch` for other features; a graph, what its runtime throws. */
export async function scoreTask(
  input: {
    readonly artefact: Uint8Array
    readonly features: FeatureSpec
    readonly columns: readonly Float64Array[]
    readonly rows: number
  },
  context: TaskContext,
): Promise<Float64Array> {
  const model = parseArtefact(input.artefact)
  const asked = featureSpecHash(input.features)
  if (asked !== model.header.featureSpecHash) {
    throw new VigieError('feature_spec_mismatch', 'the rows do not have the features that the model was trained on', {
      rule: 'a model scores rows of its own feature spec',
      value: asked,
      expected: model.header.featureSpecHash,
    })
  }
  const scores =
    model.body.kind === 'graph'
      ? await scoreGraph({ ...model.header, graph: model.body.graph }, input)
      : scoreColumns(model, input.columns, input.rows)
  context.transfer(scores.buffer)
  return scores
}

async function scoreGraph(
  model: GraphModel,
  { columns, rows }: { readonly columns: readonly Float64Array[]; readonly rows: number },
): Promise<Float64Array> {
  const { graphRuntime } = await import('../onnx/graph-runtime.ts')
  const graph = await graphRuntime().open(model)
  try {
    return await graph.answers(columns, rows)
  } finally {
    await graph.close()
  }
}
