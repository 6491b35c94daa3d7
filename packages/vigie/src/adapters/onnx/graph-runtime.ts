import type { FeatureSpec } from '../../domain/feature-spec.ts'
import type { GraphInput } from '../../domain/model/graph.ts'
import { VigieError } from '../../errors.ts'
import type { GraphModel, GraphRuntime, OpenGraph } from '../../ports/graph-runtime.ts'
import { checkGraph } from './check-graph.ts'
import { type OnnxRuntime, type Output, onnxRuntime, type Session, type TensorData } from './runtime.ts'

/** Rows that are computed at once: what a layer of a thousand numbers holds of them is 16 MB. */
const BATCH = 4096
/** Sums of float32 lie just beside the probabilities that they are. */
const ROUNDING = 1e-6

const OPTIONS = {
  executionProviders: ['cpu'],
  // One row is answered faster by one thread, and batches share the cores with the other workers.
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 4,
}

/** ONNX graphs computed by onnxruntime-node, which is loaded when the first is opened. */
export function graphRuntime(): GraphRuntime {
  return { open }
}

async function open(model: GraphModel): Promise<OpenGraph> {
  // Out of memory that other threads may share: nothing changes between the check and the run.
  const bytes = Uint8Array.from(model.graph.bytes)
  checkGraph(bytes)
  const runtime = onnxRuntime()
  const session = await tried(() => runtime.InferenceSession.create(bytes, OPTIONS))
  let running: Promise<unknown> = Promise.resolve()
  return {
    answers(columns, rows) {
      const answers = inBatches({ runtime, session, model, columns, rows })
      running = Promise.allSettled([running, answers]).then(() => undefined)
      return answers
    },
    async close() {
      await running
      await session.release()
    },
  }
}

interface Asked {
  readonly runtime: OnnxRuntime
  readonly session: Session
  readonly model: GraphModel
  readonly columns: readonly Float64Array[]
  readonly rows: number
}

async function inBatches({ runtime, session, model, columns, rows }: Asked): Promise<Float64Array> {
  const { output, inputs } = model.graph.shape
  const answers = new Float64Array(rows * output.columns.length)
  for (let from = 0; from < rows; from += BATCH) {
    const count = Math.min(BATCH, rows - from)
    const feeds: Record<string, unknown> = {}
    for (const input of inputs) {
      const data = tensorOf(input, model.features, columns, from, count)
      feeds[input.name] = new runtime.Tensor(input.type, data, [count, input.columns.length])
    }
    const given = (await tried(() => session.run(feeds, [output.name])))[output.name]
    take(model, given, count, answers.subarray(from * output.columns.length))
  }
  return answers
}

/** Rows of our columns as one tensor, row by row. */
function tensorOf(
  { type, columns: wanted }: GraphInput,
  features: FeatureSpec,
  columns: readonly Float64Array[],
  from: number,
  count: number,
): TensorData {
  const width = wanted.length
  const valueAt = (i: number): number => {
    const { feature, is } = wanted[i % width]!
    const value = columns[feature]![from + Math.floor(i / width)]!
    return is === null ? value : value === is ? 1 : 0
  }
  const length = count * width
  if (type === 'string') {
    return Array.from({ length }, (_, i) => features[wanted[i % width]!.feature]!.categories![valueAt(i)] ?? '')
  }
  if (type === 'int64') return BigInt64Array.from({ length }, (_, i) => whole(valueAt(i)))
  const data = { float32: Float32Array, float64: Float64Array, bool: Uint8Array }[type]
  const filled = new data(length)
  for (let i = 0; i < length; i++) filled[i] = valueAt(i)
  return filled
}

function whole(value: number): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value)
  throw failed(`an input of whole numbers was given ${value}`)
}

function take({ graph, target }: GraphModel, given: Output | undefined, rows: number, answers: Float64Array): void {
  const { name, width, columns } = graph.shape.output
  if (!given || (given.type !== 'float32' && given.type !== 'float64') || given.data.length !== rows * width) {
    throw failed(`its output ${name} is ${given?.type} of ${given?.data.length}, and ${width} numbers a row are read`)
  }
  const data = given.data as ArrayLike<number>
  for (let i = 0; i < rows; i++) {
    for (const [k, column] of columns.entries()) {
      const value = data[i * width + column]!
      answers[i * columns.length + k] = target.kind === 'number' ? value : probability(value)
    }
  }
}

function probability(value: number): number {
  if (value < 0 && value >= -ROUNDING) return 0
  return value > 1 && value <= 1 + ROUNDING ? 1 : value
}

async function tried<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    // The runtime's errors have no codes: whatever it says is about this graph and these rows.
    throw failed(String(cause), cause)
  }
}

function failed(what: string, cause?: unknown): VigieError {
  return new VigieError('model_graph_failed', `the ONNX graph cannot be computed: ${what}`.slice(0, 400), {
    rule: 'a graph gives what it declares for every row',
    value: what.slice(0, 200),
    cause,
  })
}
